//! The environment variables by which the programs are told, and tell one another.

/// The folder of the cache.
pub const CACHE: &str = "BACKPROP_CACHE";
/// The folder that holds data sets, such as `mnist`.
pub const DATA: &str = "BACKPROP_DATA";
/// What `Data::auto()` loads: `auto`, `mnist`, `digits` or a folder.
pub const DATASET: &str = "BACKPROP_DATASET";
/// Set where a figure may change while its cell runs.
pub const DISPLAY: &str = "BACKPROP_DISPLAY";
/// The file that is there for as long as the running cell is asked to stop.
pub const INTERRUPT: &str = "BACKPROP_INTERRUPT";
/// The folder with results of sweeps whose runs need not be made again: whoever grades sets it.
pub const KNOWN_RUNS: &str = "BACKPROP_KNOWN_RUNS";
/// Set where notebooks are to do with fewer repetitions.
pub const QUICK: &str = "BACKPROP_QUICK";
/// The instructions to compute with instead of the processor's best, or `off` for the general path.
pub const SIMD: &str = "BACKPROP_SIMD";
/// The checkout whose crate and data notebooks use.
pub const WORKSPACE: &str = "BACKPROP_WORKSPACE";
