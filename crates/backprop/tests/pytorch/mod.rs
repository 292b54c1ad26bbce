//! PyTorch's initial networks, drawn as PyTorch draws them on a CPU.

use backprop::prelude::*;

/// Draws the network that `torch.manual_seed(seed)` and then one `nn.Linear` for each layer give.
///
/// Source: ATen/core/MT19937RNGEngine.h and DistributionsHelper.h; the `init.f32` of the parity fixtures
/// are such networks.
pub fn network(sizes: &[usize], activation: Activation, seed: u32) -> Network {
    let mut twister = MersenneTwister::new(seed);
    let last = sizes.len() - 2;
    let layers = sizes.windows(2).enumerate().map(|(l, pair)| {
        let (inputs, neurons) = (pair[0], pair[1]);
        let bound = 1.0 / (inputs as f32).sqrt(); // W and b from U(−1/√inputs, 1/√inputs)
        let mut uniform = || twister.next_uniform() * (2.0 * bound) - bound;
        Layer {
            w: Array2::from_shape_simple_fn((neurons, inputs), &mut uniform),
            b: Array1::from_shape_simple_fn(neurons, &mut uniform),
            activation: if l == last { Activation::LogSoftmax } else { activation },
        }
    });
    Network::from_layers(layers.collect()).unwrap()
}

const N: usize = 624;
const M: usize = 397;

/// The generator MT19937.
///
/// Source: Matsumoto, Nishimura: Mersenne twister (1998), doi:10.1145/272991.272995.
pub struct MersenneTwister {
    state: [u32; N],
    next: usize,
}

impl MersenneTwister {
    pub fn new(seed: u32) -> MersenneTwister {
        let mut state = [seed; N];
        for i in 1..N {
            let before = state[i - 1] ^ (state[i - 1] >> 30);
            state[i] = before.wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        MersenneTwister { state, next: N }
    }

    pub fn next_u32(&mut self) -> u32 {
        if self.next == N {
            self.twist();
        }
        let mut y = self.state[self.next];
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// A multiple of 2⁻²⁴ from [0, 1).
    fn next_uniform(&mut self) -> f32 {
        (self.next_u32() & 0x00ff_ffff) as f32 / 16_777_216.0
    }

    fn twist(&mut self) {
        for i in 0..N {
            let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % N] & 0x7fff_ffff);
            let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            self.state[i] = self.state[(i + M) % N] ^ (y >> 1) ^ odd;
        }
        self.next = 0;
    }
}
