//! The processes of a kernel: none outlives it, and none takes ever more memory.

use super::*;

/// Gives the processes below one, itself included, that are still alive.
fn family(pid: u64) -> Vec<u64> {
    let children = |pid: u64| -> Vec<u64> {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
        let texts = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        texts
            .flat_map(|text| {
                text.split(' ').filter_map(|n| n.trim().parse().ok()).collect::<Vec<u64>>()
            })
            .collect()
    };
    let mut all = vec![pid];
    let mut at = 0;
    while at < all.len() {
        all.extend(children(all[at]));
        at += 1;
    }
    all
}

fn is_alive(pid: u64) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map(|(_, rest)| rest.starts_with('Z'));
    state.is_some_and(|is_zombie| !is_zombie)
}

fn assert_all_end(what: &str, family: &[u64]) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while family.iter().any(|&pid| is_alive(pid)) {
        assert!(Instant::now() < deadline, "{what}: still alive: {family:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn no_process_outlives_its_kernel() {
    let endless = json!({ "do": "leave", "code": "loop {}" });
    for end in ["shutdown", "kill", "crash of the front end"] {
        let mut kernel = Kernel::start();
        assert_eq!(kernel.execute("1").status(), "ok");
        kernel.order(&endless);
        let family = family(kernel.pid);
        assert!(family.len() >= 4, "proxy, evcxr, monitor and runtime: {family:?}");
        match end {
            "crash of the front end" => kernel.kill_front_end(),
            end => drop(kernel.order(&json!({ "do": end }))),
        }
        assert_all_end(end, &family);
    }
}

/// Gives the memory that a process has written to, in kB; pages of its program and libraries come and go.
fn memory(pid: u64) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap()
}

/// What the allocator gives back or takes at a time, in kB: the proxy's memory goes up and down by 2 MB
/// with no cell kept.
const BREATH: u64 = 4096;

/// 500 cells in one kernel. Every third writes to both streams, and so do those that fail: what each
/// writes must arrive with it. Then 10,000 that do nothing, so that half a kilobyte kept of each shows.
#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn many_cells_lose_nothing_and_fill_no_memory() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let kept: i32 = 5;").status(), "ok");
    let mut early = 0;
    for number in 1..=500 {
        let say = format!("println!(\"out {number}\"); eprintln!(\"err {number}\");");
        let cell = match number % 50 {
            0 => kernel.interrupt("let new: i32 = 1;", 0.05),
            49 => kernel.execute("let n: i32 = \"five\";"),
            n if n % 3 == 0 => kernel.execute(&format!("{say} panic!(\"panic {number}\");")),
            _ => kernel.execute(&say),
        };
        match number % 50 {
            0 | 49 => assert_eq!(cell.status(), "error", "{number}: {cell:?}"),
            n => {
                let fails = n % 3 == 0;
                assert_eq!(cell.status(), if fails { "error" } else { "ok" }, "{number}: {cell:?}");
                assert_eq!(cell.stream("stdout"), format!("out {number}\n"), "{cell:?}");
                assert_eq!(cell.stream("stderr"), format!("err {number}\n"), "{cell:?}");
                if fails {
                    assert_eq!(cell.error().1, format!("panic {number}"));
                }
            }
        }
        if number == 100 {
            early = memory(kernel.pid);
        }
    }
    assert_eq!(kernel.execute("kept").result().as_deref(), Some("5"));
    let mixed = memory(kernel.pid);
    for _ in 0..10_000 {
        assert_eq!(kernel.execute("// nothing").status(), "ok");
    }
    let late = memory(kernel.pid);
    let told = format!("{early} kB after 100 cells, {mixed} kB after 500, {late} kB after 10,500");
    println!("memory of the proxy: {told}");
    assert!(mixed.max(late) < early + BREATH, "{told}");
}

/// What serves inside the crate alone would be 300 MB more.
#[test]
#[ignore = "needs the kernel: `cargo lab test` runs it"]
fn only_the_packages_that_a_cell_meets_are_read() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let a = 5;").status(), "ok");
    let largest = family(kernel.pid).into_iter().map(memory).max().unwrap();
    println!("memory of evcxr: {largest} kB");
    assert!(largest < 550_000, "{largest} kB");
}
