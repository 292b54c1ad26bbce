//! What evcxr and cargo read when a kernel starts: the texts that lie in its private folder.

use backprop_analysis::call::LOCK_KEPT;

/// Run by evcxr at start.
///
/// evcxr first builds an empty program, at which cargo empties the lock file; without the copy it would
/// then look for the newest version of everything.
pub fn init() -> String {
    format!(
        "!cp \"$EVCXR_TMPDIR/{LOCK_KEPT}\" \"$EVCXR_TMPDIR/Cargo.lock\"\n\
         :dep backprop = {{ path = \"../crates/backprop\" }}\n"
    )
}

/// Run by evcxr after [`init`]. With a compile error it would also tell of all that is not used yet, as
/// the inputs of a function that a student has yet to write.
pub const PRELUDE: &str = "#![allow(unused)]\nuse backprop::prelude::*;\n";

/// Read by cargo, for all that it compiles in here, before what evcxr writes into `Cargo.toml`.
///
/// Cells run at full optimisation: training at evcxr's own settings takes twice as long. Nothing is kept
/// for a next time. The crate and the cell, which is `ctx`, are compiled in one piece: in sixteen, training
/// is a fifth slower, and in sixteen that are optimised together the crate takes twice as long to compile.
/// What computes nothing is compiled soon.
pub const CARGO_CONFIG: &str = "\
[profile.dev]
opt-level = 3
debug-assertions = false
incremental = false
lto = 'off'
overflow-checks = false

[profile.dev.package]
backprop.codegen-units = 1
ctx.codegen-units = 1
adler2.opt-level = 1
anyhow.opt-level = 1
backprop-figures.opt-level = 1
bstr.opt-level = 1
bytemuck.opt-level = 1
opener.opt-level = 1
plotters.opt-level = 1
plotters-backend.opt-level = 1
plotters-svg.opt-level = 1
regex-automata.opt-level = 1
serde.opt-level = 1
serde_core.opt-level = 1
showata.opt-level = 1
zerocopy.opt-level = 1
";
