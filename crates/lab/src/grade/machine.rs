//! An error of the machine is no student's: when nothing of the student's had a part in it, grading stops.

use anyhow::{Result, bail};

use super::merge::Planned;
use super::sandbox::Sandbox;
use super::score;
use super::session::{CellOutcome, Executed, PreparedCell, Sessions, Status};

/// What an error says where a disk is full; a compiler that stops for it tells of no fault in a cell.
const FULL: &str = "No space left on device";
/// Runs on every kernel that runs at all.
const PROBE: &str = "println!(\"{}\", 1 + 1);";

/// Makes sure that what came of a hand-in is the student's doing.
///
/// # Errors
/// A cell that the instructor wrote failed before any cell of the student's had run; or the execution ended
/// early, or a disk was full, and then no kernel runs the simplest cell either: the reason.
pub fn check(
    cells: &[Planned],
    executed: &Executed,
    sessions: &Sessions,
    sandbox: &Sandbox,
) -> Result<()> {
    if let Some(reason) = failed_by_itself(cells, &executed.cells) {
        bail!("{reason}");
    }
    let is_lost = |outcome: &CellOutcome| outcome.status == Status::Lost;
    let is_full =
        |outcome: &CellOutcome| outcome.outputs.iter().any(|it| it.to_string().contains(FULL));
    let is_early = !executed.is_whole || executed.cells.iter().all(is_lost);
    if is_early || executed.cells.iter().any(is_full) {
        probe(sessions, sandbox)?;
    }
    Ok(())
}

/// Tells of the first cell that failed, where only the instructor's cells came before it.
fn failed_by_itself(cells: &[Planned], outcomes: &[CellOutcome]) -> Option<String> {
    let own = cells.iter().take_while(|cell| cell.is_given).enumerate();
    let mut failed = own.filter_map(|(number, cell)| match outcomes.get(number) {
        Some(outcome) if outcome.status == Status::Ok => None,
        Some(outcome) => Some((cell, score::how_it_ended(outcome, false))),
        None => Some((cell, "did not run: no kernel started in the box".to_owned())),
    });
    let (cell, how) = failed.next()?;
    let first = cell.source.lines().next().unwrap_or_default();
    Some(format!("a cell of yours fails before any answer has run, `{first}`: it {how}"))
}

fn probe(sessions: &Sessions, sandbox: &Sandbox) -> Result<()> {
    let (source, replay) = (PROBE.to_owned(), String::new());
    let executed =
        sessions.execute(sandbox, &[PreparedCell { source, replay, is_check: false }])?;
    match executed.cells.first() {
        Some(outcome) if outcome.status == Status::Ok => Ok(()),
        Some(outcome) => {
            bail!("the kernel runs no cell: `{PROBE}` {}", score::how_it_ended(outcome, false))
        }
        None => bail!("no kernel starts in the box"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::merge::CellKind;
    use super::*;
    use serde_json::json;

    fn cell(source: &str, is_given: bool) -> Planned {
        let (source, kind) = (source.to_owned(), CellKind::Other);
        Planned { source, kind, is_given, answer: None, number: None, outputs: Vec::new() }
    }

    fn outcome(status: Status) -> CellOutcome {
        let error =
            json!({"output_type": "error", "ename": "Error", "evalue": "MNIST is not at hand"});
        CellOutcome { status, outputs: vec![error], ..CellOutcome::default() }
    }

    #[test]
    fn what_fails_before_a_student_had_a_part_is_no_students() {
        let cells =
            [cell("load\nmore", true), cell("show", true), cell("mine", false), cell("draw", true)];
        let failed = |outcomes: &[Status]| {
            let outcomes: Vec<CellOutcome> = outcomes.iter().map(|it| outcome(*it)).collect();
            failed_by_itself(&cells, &outcomes)
        };
        use Status::{Error, Lost, Ok};
        assert_eq!(failed(&[Ok, Ok, Ok, Ok]), None);
        assert_eq!(failed(&[Ok, Ok, Error, Error]), None);
        assert_eq!(failed(&[Ok, Ok, Lost]), None);
        let reason = failed(&[Error, Error]).unwrap();
        assert!(reason.contains("`load`: it ended in an error: MNIST is not at hand"), "{reason}");
        assert!(failed(&[Ok, Lost]).unwrap().contains("`show`"));
        assert!(failed(&[]).unwrap().contains("no kernel started"));
    }
}
