//! How many workers grade at a time, and which cores their hand-ins run on. A training takes all cores that
//! it sees; where several workers share them, waiting for each other costs a third of the time.

use std::fs;

use crate::parallel;

/// What a worker's box takes at most in ordinary use, in bytes; the number of workers follows from it.
const MEMORY_OF_A_WORKER: u64 = 1_200_000_000;

/// Gives how many hand-ins can be graded at a time on this machine.
pub fn count() -> u16 {
    let free = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text));
    let by_memory = free.map_or(1, |free| free / MEMORY_OF_A_WORKER);
    by_memory.clamp(1, parallel::cores().into()).try_into().unwrap_or(u16::MAX)
}

/// Reads how many bytes of memory programs can still have.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// Gives the cores of worker `worker` of `workers`, counted from 0, as `taskset` reads them; none where
/// this machine does not tell its cores.
pub fn cores(worker: u16, workers: u16) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    share_of(&read(list.trim())?, worker.into(), workers.into())
}

fn share_of(cores: &[usize], worker: usize, workers: usize) -> Option<String> {
    let first = worker % cores.len().max(1);
    let own = cores.iter().skip(first).step_by(workers.max(1));
    let own: Vec<String> = own.map(ToString::to_string).collect();
    (!own.is_empty()).then(|| own.join(","))
}

/// Reads a list such as `0-3,8`.
fn read(list: &str) -> Option<Vec<usize>> {
    let mut cores = Vec::new();
    for part in list.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        cores.extend(first.parse::<usize>().ok()?..=last.parse().ok()?);
    }
    Some(cores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_share_the_cores() {
        let cores = read("0-3,8").unwrap();
        assert_eq!(cores, [0, 1, 2, 3, 8]);
        let share = |worker, workers| share_of(&cores, worker, workers).unwrap();
        assert_eq!(share(0, 1), "0,1,2,3,8");
        assert_eq!((share(0, 2), share(1, 2)), ("0,2,8".into(), "1,3".into()));
        assert_eq!((share(4, 5), share(6, 7)), ("8".into(), "1".into()));
        assert_eq!(read("all"), None);
        assert!(super::cores(0, 1).is_some(), "of this machine");
    }

    #[test]
    fn the_machines_free_memory_is_read() {
        let text = "MemTotal:       24000000 kB\nMemAvailable:    3000000 kB\n";
        assert_eq!(available(text), Some(3_072_000_000));
        assert_eq!(available("MemTotal: 1 kB"), None);
    }
}
