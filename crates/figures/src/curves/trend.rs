//! A line in words: where it starts and ends, and where it turns in between.

use crate::parts::text::number;

/// Says how the line `name` runs through `points`; `missing` more have no place on the axes, of
/// which one is logarithmic if `log` says so.
pub(super) fn trend(name: &str, points: &[(f64, f64)], missing: usize, log: bool) -> String {
    let name = if name.is_empty() { "the line" } else { name };
    let why = if log { "not finite or not above zero" } else { "not finite" };
    let missing = match missing {
        0 => String::new(),
        1 => format!(" (1 value left out: {why})"),
        n => format!(" ({n} values left out: {why})"),
    };
    let path = match points {
        [] => "has no value to draw".to_string(),
        [(x, y)] => format!("is {} at {}", number(*y), number(*x)),
        [(_, first), .., (_, last)] => {
            let lowest = extreme(points, |a, b| a < b);
            let highest = extreme(points, |a, b| a > b);
            let range = highest.1 - lowest.1;
            if number(lowest.1) == number(highest.1) {
                format!("stays at {}", number(*first))
            } else if range <= 0.005 * highest.1.abs().max(lowest.1.abs()) {
                format!("stays between {} and {}", number(lowest.1), number(highest.1))
            } else {
                let turns = [("lowest", lowest), ("highest", highest)].map(|(word, (x, y))| {
                    // A turn counts when it leaves the ends by a twentieth of what the line covers.
                    let beyond = (y - first).abs().min((y - last).abs()) > 0.05 * range;
                    let turn = || format!(", {word} {} at {}", number(y), number(x));
                    if beyond { turn() } else { String::new() }
                });
                format!("{}{}", ends(*first, *last), turns.concat())
            }
        }
    };
    format!("{name} {path}{missing}")
}

fn ends(first: f64, last: f64) -> String {
    let (from, to) = (number(first), number(last));
    if from == to {
        return format!("starts and ends at {from}");
    }
    format!("{} from {from} to {to}", if last < first { "falls" } else { "rises" })
}

/// Gives the first point whose height no other point betters.
fn extreme(points: &[(f64, f64)], better: fn(f64, f64) -> bool) -> (f64, f64) {
    let choose =
        |best: (f64, f64), point: (f64, f64)| if better(point.1, best.1) { point } else { best };
    points.iter().copied().reduce(choose).unwrap_or_default()
}
