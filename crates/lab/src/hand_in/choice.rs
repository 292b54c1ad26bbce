//! Which of several hand-ins of one student counts: the same one whatever their order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::finding::{Finding, FindingKind};
use super::submission::HandIn;

/// Hand-ins of one student and assignment, and in how many questions each answers it.
type Group = Vec<(HandIn, usize)>;

/// Keeps one hand-in for each student and assignment, with the assignment's name, and notes the others in it.
///
/// `assignment_of` names the assignment that a hand-in answers, and says in how many questions it does so;
/// none where it answers none.
///
/// What answers at least one question counts before what answers none. Of several such, the latest counts
/// where a time is known of each; else the one that is named as the assignment, else the one that the
/// platform received last, else the first by its name.
pub fn choose(
    hand_ins: Vec<HandIn>,
    assignment_of: impl Fn(&HandIn) -> Option<(String, usize)>,
) -> Vec<(HandIn, Option<String>)> {
    let mut groups: BTreeMap<(String, Option<String>), Group> = BTreeMap::new();
    for hand_in in hand_ins {
        let (assignment, answered) = assignment_of(&hand_in).unzip();
        let group = groups.entry((hand_in.student.clone(), assignment)).or_default();
        group.push((hand_in, answered.unwrap_or_default()));
    }
    let one = |((_, assignment), group): ((String, Option<String>), Group)| {
        (one_of(group, assignment.as_deref()), assignment)
    };
    groups.into_iter().map(one).collect()
}

fn one_of(mut group: Group, assignment: Option<&str>) -> HandIn {
    let all_have_times = group.iter().all(|(hand_in, _)| hand_in.time.is_some());
    group.sort_by_cached_key(|(hand_in, answered)| {
        let is_named = assignment == Some(&hand_in.name);
        let time = hand_in.time.filter(|_| all_have_times);
        let rank = (*answered > 0, time, is_named, hand_in.order.clone(), hand_in.time);
        Reverse((rank, Reverse((hand_in.path.clone(), hand_in.hash()))))
    });
    let mut group = group.into_iter().map(|(hand_in, _)| hand_in);
    let mut chosen = group.next().expect("a group has a member");
    let others: Vec<String> = group.map(|other| other.path).collect();
    if !others.is_empty() {
        let text = format!(
            "it was handed in more than once: {} counts, not {}",
            chosen.path,
            others.join(", ")
        );
        chosen.findings.push(Finding::new(FindingKind::Again, text));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::super::time;
    use super::*;

    /// A hand-in of one student: its path, its time, and in how many questions it answers.
    type One = (&'static str, Option<&'static str>, usize);

    /// Chooses among them in every order; gives the path and what was told.
    fn chosen(ones: &[One]) -> (String, String) {
        let hand_in = |(path, at, answered): &One| {
            let name = path.rsplit('/').next().unwrap().trim_end_matches(".ipynb");
            let mut hand_in = HandIn::new("ada", name, Ok(answered.to_string().into_bytes()));
            hand_in.path = (*path).to_owned();
            hand_in.order = path.starts_with("2026").then(|| path[..14].to_owned());
            hand_in.name = name
                .trim_start_matches(|letter: char| letter.is_ascii_digit())
                .trim_start_matches('_')
                .to_owned();
            hand_in.time = at.map(|text| time::read(text).unwrap());
            hand_in
        };
        let answered = |one: &HandIn| {
            Some((
                "small".to_owned(),
                String::from_utf8_lossy(one.content.as_ref().ok()?).parse().ok()?,
            ))
        };
        let mut found = Vec::new();
        for turn in 0..ones.len() {
            let mut turned = ones.to_vec();
            turned.rotate_left(turn);
            for ones in [turned.clone(), turned.into_iter().rev().collect()] {
                let kept = choose(ones.iter().map(hand_in).collect(), answered);
                assert_eq!(kept.len(), 1);
                let told = kept[0].0.findings.iter().map(|finding| finding.text.clone());
                found.push((kept[0].0.path.clone(), told.collect::<Vec<_>>().join("; ")));
            }
        }
        assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
        found.remove(0)
    }

    /// Case G01: a browser's second download, and others of which nothing tells which is later.
    #[test]
    fn without_times_what_is_named_as_the_assignment_counts() {
        let (path, told) =
            chosen(&[("ada/small (1).ipynb", None, 2), ("ada/small.ipynb", None, 2)]);
        assert_eq!(path, "ada/small.ipynb");
        assert_eq!(
            told,
            "it was handed in more than once: ada/small.ipynb counts, not ada/small (1).ipynb"
        );
        let one_time =
            [("ada/a.ipynb", Some("2026-01-03T00:00Z"), 2), ("ada/small.ipynb", None, 2)];
        assert_eq!(chosen(&one_time).0, "ada/small.ipynb");
        let same = Some("2026-01-03T00:00Z");
        let one_folder =
            [("ada/x.ipynb", same, 2), ("ada/small.ipynb", same, 2), ("ada/b.ipynb", same, 2)];
        let (path, told) = chosen(&one_folder);
        assert_eq!(path, "ada/small.ipynb");
        assert!(told.ends_with("not ada/b.ipynb, ada/x.ipynb"), "{told}");
        assert_eq!(chosen(&[("ada/b.ipynb", None, 1), ("ada/a.ipynb", None, 2)]).0, "ada/a.ipynb");
    }

    #[test]
    fn the_latest_counts_where_the_times_are_known() {
        let [early, late] = ["2026-01-02T23:30:00+01:00", "2026-01-02T23:00:00Z"].map(Some);
        let ones = [("1/small.ipynb", early, 2), ("2/late.ipynb", late, 1)];
        assert_eq!(chosen(&ones).0, "2/late.ipynb");
        let received =
            [("20260112093000_small.ipynb", None, 2), ("20260113093000_small.ipynb", None, 2)];
        assert_eq!(chosen(&received).0, "20260113093000_small.ipynb");
    }

    #[test]
    fn what_answers_nothing_counts_last() {
        let ones = [
            ("ada/notes.ipynb", Some("2026-01-05T00:00Z"), 0),
            ("ada/x.ipynb", Some("2026-01-04T00:00Z"), 1),
        ];
        assert_eq!(chosen(&ones).0, "ada/x.ipynb");
    }
}
