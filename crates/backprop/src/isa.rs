//! The instructions that loops are compiled for: the compiler vectorises the same
//! source once for each, and the processor's best is taken when the program runs.

use crate::error::Error;
use backprop_protocol::variable;
use std::env;
use std::env::VarError;

/// Instructions that this processor has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Isa {
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    /// What every processor of the architecture has; on AArch64 that includes NEON.
    Plain,
}

/// a b + c, with one rounding where the processor has an instruction for it.
pub(crate) trait MulAdd {
    fn mul_add(a: f32, b: f32, c: f32) -> f32;
}

/// One instruction, one rounding.
pub(crate) struct Fused;

impl MulAdd for Fused {
    #[inline(always)]
    fn mul_add(a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

/// Two instructions: where there is no fused one, `f32::mul_add` calls a function of 50 ns.
pub(crate) struct Separate;

impl MulAdd for Separate {
    #[inline(always)]
    fn mul_add(a: f32, b: f32, c: f32) -> f32 {
        a * b + c
    }
}

/// Code to be compiled for each set of instructions. All that it calls is marked `inline(always)`, since
/// only what is inlined into it may use them.
pub(crate) trait Vectorized {
    type Output;
    fn run<M: MulAdd>(self) -> Self::Output;
}

impl Isa {
    /// The instructions that the environment names, or the processor's best; none where the fast path is off.
    ///
    /// # Errors
    /// A name of none, or of instructions that this processor lacks.
    pub(crate) fn choose() -> Result<Option<Isa>, Error> {
        match env::var(variable::SIMD) {
            Err(VarError::NotPresent) => Ok(Isa::all().next()),
            Ok(name) if name == "off" => Ok(None),
            Ok(name) => match Isa::all().find(|isa| isa.name() == name) {
                Some(isa) => Ok(Some(isa)),
                None => Err(unknown(name)),
            },
            Err(VarError::NotUnicode(name)) => Err(unknown(name.to_string_lossy().into_owned())),
        }
    }

    /// All paths of this processor, best first.
    pub(crate) fn all() -> impl Iterator<Item = Isa> {
        #[cfg(target_arch = "x86_64")]
        let paths = [
            pulp::x86::V4::try_new().map(Isa::Avx512),
            pulp::x86::V3::try_new().map(Isa::Avx2),
            Some(Isa::Plain),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let paths = [Some(Isa::Plain)];
        paths.into_iter().flatten()
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) => "avx2",
            Isa::Plain if cfg!(target_arch = "aarch64") => "neon",
            Isa::Plain => "plain",
        }
    }

    /// The share of ink up to which products of the ink alone are faster than those of all pixels:
    /// `cargo bench` measures both at several shares (docs/performance.md).
    pub(crate) fn most_ink(self) -> f64 {
        match self {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(_) => 0.45,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(_) => 0.7,
            Isa::Plain => 0.85,
        }
    }

    /// Runs the version of the code that was compiled for these instructions.
    pub(crate) fn run<K: Vectorized>(self, code: K) -> K::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512(instructions) => instructions.vectorize(
                #[inline(always)]
                || code.run::<Fused>(),
            ),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2(instructions) => instructions.vectorize(
                #[inline(always)]
                || code.run::<Fused>(),
            ),
            Isa::Plain if cfg!(target_arch = "aarch64") => code.run::<Fused>(),
            Isa::Plain => code.run::<Separate>(),
        }
    }
}

/// [`Isa::most_ink`] of the instructions in use.
pub(crate) fn most_ink() -> f64 {
    Isa::choose().ok().flatten().unwrap_or(Isa::Plain).most_ink()
}

fn unknown(found: String) -> Error {
    let names: Vec<&str> = Isa::all().map(Isa::name).collect();
    let expected = format!("{} or off, on this processor", names.join(", "));
    Error::Setting { what: variable::SIMD, expected, found }
}
