//! The steps of a descent: arrows from point to point, numbered.

use super::palette::LineStyle;
use super::svg::{Font, PLAIN, Pen, Svg};
use super::text;
use std::iter::zip;

/// Steps shorter than this would be lost among their markers, in pixels.
const SHORTEST: f64 = 10.0;
/// More steps than this are drawn as one thin line.
const MOST_ARROWS: usize = 200;
/// More points than this cannot be followed, and would swell the file.
const MOST_POINTS: usize = 1_500;
/// Half the size of a marker, in pixels.
const MARKER: f64 = 3.5;

/// Draws a marker at each place and an arrow between neighbours; `None` leaves a gap.
pub(crate) fn draw(svg: &mut Svg, places: &[Option<(f64, f64)>], style: LineStyle) {
    let pen = Pen { color: style.color, width: 1.6, dash: style.dash };
    for run in places.split(Option::is_none) {
        let run = thinned(&run.iter().flatten().copied().collect::<Vec<_>>());
        if run.len() > MOST_ARROWS {
            let line: Vec<_> =
                run.iter().copied().step_by(run.len().div_ceil(MOST_POINTS)).collect();
            svg.polyline(&line, &Pen { width: 0.7, dash: "", ..pen });
            continue;
        }
        for pair in zip(&run, run.iter().skip(1)) {
            svg.arrow(*pair.0, short_of(*pair.0, *pair.1), &pen);
        }
        for place in run {
            svg.marker(place, style.marker, style.color);
        }
    }
}

/// Joins steps that are too short to be seen; keeps both ends.
fn thinned(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (index, &(x, y)) in places.iter().enumerate() {
        let far = kept.last().is_none_or(|(x0, y0)| (x - x0).hypot(y - y0) > SHORTEST);
        if far || index + 1 == places.len() {
            kept.push((x, y));
        }
    }
    kept
}

/// Gives the point at the rim of the marker where an arrow ends.
fn short_of((x0, y0): (f64, f64), (x1, y1): (f64, f64)) -> (f64, f64) {
    let share = 1.0 - (MARKER / (x1 - x0).hypot(y1 - y0)).min(1.0);
    (x0 + share * (x1 - x0), y0 + share * (y1 - y0))
}

/// Writes its number beside each place, from 0, where there is room beside what is `taken`.
pub(crate) fn number(
    svg: &mut Svg,
    places: &[Option<(f64, f64)>],
    color: &'static str,
    taken: &mut Vec<(f64, f64)>,
) {
    let font = Font { size: 11.0, anchor: "middle", color, bold: true, halo: true, ..PLAIN };
    let last = places.iter().rposition(Option::is_some);
    // The ends come first: where it is crowded, their numbers are the ones to keep.
    for index in
        places.iter().position(Option::is_some).into_iter().chain(last).chain(0..places.len())
    {
        let Some((x, y)) = places[index] else { continue };
        if taken.len() > MOST_ARROWS {
            return;
        }
        let text = index.to_string();
        let apart = text::width(&text, font.size) + 8.0;
        if taken.iter().all(|(x0, y0)| (x - x0).hypot(y - y0) >= apart) {
            svg.text(x, y - 8.0, &text, &font);
            taken.push((x, y));
        }
    }
}

/// Says where steps lead.
pub(crate) fn walk(name: &str, points: &[(f64, f64)]) -> String {
    let name = if name.is_empty() { "the descent" } else { name };
    let place = |(x, y): &(f64, f64)| format!("({}, {})", text::number(*x), text::number(*y));
    match points {
        [] => format!("{name} has no point to draw"),
        [only] => format!("{name} stays at {}", place(only)),
        [first, .., last] => {
            let steps = points.len() - 1;
            let plural = if steps == 1 { "" } else { "s" };
            format!("{name} goes in {steps} step{plural} from {} to {}", place(first), place(last))
        }
    }
}
