//! Which cores a worker's hand-ins run on. A training takes all cores that it sees; where several workers
//! share them, waiting for each other costs a third of the time.

use std::fs;

/// Gives the cores of worker `worker` of `workers`, counted from 0, as `taskset` reads them; none where
/// this machine does not tell its cores.
pub fn share(worker: u16, workers: u16) -> Option<String> {
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
        assert!(super::share(0, 1).is_some(), "of this machine");
    }
}
