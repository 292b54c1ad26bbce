//! Lines of equal value on a grid, by marching squares.

/// Values at side × side points of the unit square, the lowest row first, each from the left.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) side: usize,
    pub(super) values: Vec<f64>,
}

/// A point of the unit square.
type Point = (f64, f64);

impl Grid {
    /// Interpolates between the four points around (`across`, `up`), each from 0 to 1.
    pub(super) fn between(&self, across: f64, up: f64) -> f64 {
        let last = self.side - 1;
        let cell = |share: f64| ((share * last as f64) as usize).min(last - 1);
        let (column, row) = (cell(across), cell(up));
        let (x, y) = (across * last as f64 - column as f64, up * last as f64 - row as f64);
        let [a, b, c, d] = self.corners(column, row);
        (1.0 - y) * ((1.0 - x) * a + x * b) + y * ((1.0 - x) * d + x * c)
    }

    /// Gives the values at a cell's corners, counter-clockwise from the lower left.
    fn corners(&self, column: usize, row: usize) -> [f64; 4] {
        let at = |column: usize, row: usize| self.values[row * self.side + column];
        [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)]
    }
}

/// Gives the straight pieces of the line on which the grid has the value `level`.
///
/// Each cell is looked at alone: the line crosses those of its sides whose ends lie on different
/// sides of the level. Where all four do, the mean of the corners says which belong together.
pub(super) fn isoline(grid: &Grid, level: f64) -> Vec<(Point, Point)> {
    let last = grid.side - 1;
    let mut pieces = Vec::new();
    for (row, column) in (0..last * last).map(|cell| (cell / last, cell % last)) {
        let corners = grid.corners(column, row);
        if corners.iter().any(|z| !z.is_finite()) {
            continue;
        }
        let crossings: Vec<Point> =
            (0..4).filter_map(|side| crossing(&corners, side, level)).collect();
        let place =
            |(x, y): Point| ((column as f64 + x) / last as f64, (row as f64 + y) / last as f64);
        let mut join = |a: usize, b: usize| pieces.push((place(crossings[a]), place(crossings[b])));
        match crossings.len() {
            2 => join(0, 1),
            4 => {
                let middle = corners.iter().sum::<f64>() / 4.0;
                // The lower left corner is cut off, or joined through the middle to the upper right.
                if (middle > level) == (corners[0] > level) {
                    join(0, 1);
                    join(2, 3);
                } else {
                    join(3, 0);
                    join(1, 2);
                }
            }
            _ => {}
        }
    }
    pieces
}

/// Gives the point of a cell's side (0 below, 1 right, 2 above, 3 left) where the level is met.
fn crossing(corners: &[f64; 4], side: usize, level: f64) -> Option<Point> {
    const CORNERS: [Point; 4] = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let next = (side + 1) % 4;
    let (from, to) = (corners[side], corners[next]);
    if (from > level) == (to > level) {
        return None;
    }
    let share = (level - from) / (to - from);
    let ((x0, y0), (x1, y1)) = (CORNERS[side], CORNERS[next]);
    Some((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(side: usize, f: fn(f64, f64) -> f64) -> Grid {
        let last = (side - 1) as f64;
        let at = |i: usize| f((i % side) as f64 / last, (i / side) as f64 / last);
        Grid { side, values: (0..side * side).map(at).collect() }
    }

    #[test]
    fn the_line_of_a_plane_is_straight_and_whole() {
        // x + 2 y = 1 runs from (0, 0.5) to (1, 0): its length is √1.25, and it is met exactly.
        let pieces = isoline(&grid(11, |x, y| x + 2.0 * y), 1.0 - 1e-9);
        let length: f64 = pieces.iter().map(|((x0, y0), (x1, y1))| (x1 - x0).hypot(y1 - y0)).sum();
        assert!((length - 1.25f64.sqrt()).abs() < 1e-6, "{length}");
        for (x, y) in pieces.into_iter().flat_map(|(from, to)| [from, to]) {
            assert!((x + 2.0 * y - 1.0).abs() < 1e-6, "({x}, {y})");
        }
    }

    #[test]
    fn a_circle_closes() {
        let pieces = isoline(&grid(41, |x, y| (x - 0.5).hypot(y - 0.5)), 0.301);
        // No point of the grid lies on it. Each end meets the end of exactly one other piece.
        let ends: Vec<Point> = pieces.iter().flat_map(|(from, to)| [*from, *to]).collect();
        for (x, y) in &ends {
            let here = ends.iter().filter(|(x1, y1)| (x1 - x).hypot(y1 - y) < 1e-12).count();
            assert_eq!(here, 2, "({x}, {y})");
        }
    }

    #[test]
    fn a_saddle_keeps_its_ridges_apart() {
        let corners = |middle_high: bool| -> Vec<(Point, Point)> {
            let values =
                if middle_high { vec![3.0, 0.0, 0.0, 3.0] } else { vec![2.0, -1.0, -1.0, 2.0] };
            isoline(&Grid { side: 2, values }, 1.0)
        };
        // High at lower left and upper right: with a high middle the low corners are cut off.
        for (middle_high, cut_off) in [(true, (1.0, 0.0)), (false, (0.0, 0.0))] {
            let pieces = corners(middle_high);
            assert_eq!(pieces.len(), 2);
            let near = pieces.iter().any(|(from, to)| {
                [from, to].iter().all(|(x, y)| (x - cut_off.0).hypot(y - cut_off.1) < 0.7)
            });
            assert!(near, "{pieces:?}");
        }
    }

    #[test]
    fn interpolation_meets_the_points() {
        let grid = grid(3, |x, y| x + 10.0 * y);
        for (across, up, value) in [(0.0, 0.0, 0.0), (1.0, 1.0, 11.0), (0.5, 0.25, 3.0)] {
            assert_eq!(grid.between(across, up), value);
        }
    }
}
