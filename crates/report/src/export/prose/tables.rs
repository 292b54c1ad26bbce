//! Tables that would take too long to set: Typst's time goes with the places of a table's grid, and a
//! few bytes of HTML can ask for millions of them.

use super::super::warning::Flaw;
use super::tree::{Element, Node, walk};

/// The most columns and rows that one cell may span.
const WIDEST: usize = 100;
/// So many places the grids of one cell's tables may have: Typst sets them in about a second.
const MOST_PLACES: usize = 20_000;

/// Takes spans out of tables whose grid would be too large, and makes lines of those that are too large
/// without any.
pub fn bound(nodes: &mut [Node], warn: &mut dyn FnMut(Flaw)) {
    let mut left = MOST_PLACES;
    walk(nodes, &mut |node| {
        let Node::Element(table) = node else { return };
        if table.name != "table" {
            return;
        }
        let (rows, columns) = grid(table);
        if rows * columns > left {
            warn(Flaw::LargeTable { rows, columns });
            without_spans(table);
            let (rows, columns) = grid(table);
            if rows * columns > left {
                *table = lines(table);
                return;
            }
        }
        let (rows, columns) = grid(table);
        left -= rows * columns;
    });
}

/// How many columns or rows a cell spans, by the name of the attribute that says it.
pub fn span(cell: &Element, name: &str) -> usize {
    let span = cell.attribute(name).and_then(|it| it.trim().parse::<usize>().ok());
    span.unwrap_or(1).clamp(1, WIDEST)
}

/// Counts a table's rows, and its columns, those that cells above reach into among them.
fn grid(table: &Element) -> (usize, usize) {
    let mut reaching: Vec<(usize, usize)> = Vec::new();
    let (mut rows, mut most) = (0, 0);
    each_row(table, &mut |row| {
        let cells: Vec<(usize, usize)> =
            cells(row).map(|cell| (span(cell, "colspan"), span(cell, "rowspan"))).collect();
        let columns: usize = reaching.iter().chain(&cells).map(|(columns, _)| columns).sum();
        rows += 1;
        most = most.max(columns);
        reaching.extend(cells);
        reaching.iter_mut().for_each(|(_, rows)| *rows -= 1);
        reaching.retain(|(_, rows)| *rows > 0);
    });
    (rows, most)
}

fn without_spans(table: &mut Element) {
    walk(&mut table.children, &mut |node| {
        if let Node::Element(cell) = node {
            cell.attributes.retain(|(name, _)| name != "colspan" && name != "rowspan");
        }
    });
}

/// Makes a line of each row, its cells side by side.
fn lines(table: &Element) -> Element {
    let mut lines = Vec::new();
    for child in &table.children {
        if let Node::Element(caption) = child
            && caption.name == "caption"
        {
            lines.push(Node::Element(Element::new("p", caption.children.clone())));
        }
    }
    each_row(table, &mut |row| {
        let mut line = Vec::new();
        for cell in cells(row) {
            line.extend(cell.children.clone());
            line.push(Node::Text(" | ".to_owned()));
        }
        line.pop();
        lines.push(Node::Element(Element::new("p", line)));
    });
    Element::new("div", lines)
}

fn each_row<'a>(table: &'a Element, visit: &mut dyn FnMut(&'a Element)) {
    for part in elements(table) {
        match part.name.as_str() {
            "tr" => visit(part),
            "thead" | "tbody" | "tfoot" => {
                elements(part).filter(|row| row.name == "tr").for_each(&mut *visit);
            }
            _ => {}
        }
    }
}

fn cells(row: &Element) -> impl Iterator<Item = &Element> {
    elements(row).filter(|element| element.is(&["td", "th"]))
}

fn elements(parent: &Element) -> impl Iterator<Item = &Element> {
    parent.children.iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::reader::read;
    use super::super::tree::plain_text;
    use super::*;

    /// Gives the tables that are left with the places of their grids, and the warnings.
    fn bounded(html: &str) -> (Vec<(usize, usize)>, Vec<String>, Vec<Node>) {
        let mut warnings = Vec::new();
        let mut nodes = read(html, &mut |flaw| warnings.push(flaw.to_string()));
        let mut grids = Vec::new();
        walk(&mut nodes, &mut |node| match node {
            Node::Element(table) if table.name == "table" => grids.push(grid(table)),
            _ => {}
        });
        (grids, warnings, nodes)
    }

    #[test]
    fn spans_are_left_out_where_a_grid_would_be_too_large() {
        let rows = "<tr><td rowspan=65000>b".repeat(2000);
        let html =
            format!("<table><tr><td colspan=100000 rowspan=100000>a</td></tr>{rows}</table>");
        let (grids, warnings, nodes) = bounded(&html);
        assert_eq!(grids, [(2001, 1)]);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with("a table of 2001 rows and 199 columns"), "{warnings:?}");
        assert_eq!(plain_text(&nodes).matches('b').count(), 2000);
    }

    #[test]
    fn a_table_that_is_too_large_without_spans_becomes_lines() {
        let wide = format!("<table><tr>{}</tr>", "<td>w".repeat(5000));
        let html = wide + &"<tr><td>b".repeat(5000) + "</table>";
        let (grids, warnings, nodes) = bounded(&html);
        assert_eq!((grids.len(), warnings.len()), (0, 1));
        assert_eq!(plain_text(&nodes).matches('b').count(), 5000);
        assert!(plain_text(&nodes).contains("w | w"));
    }

    #[test]
    fn many_tables_share_the_places() {
        let table = format!("<table>{}</table>", "<tr><td colspan=100>a".repeat(100));
        let (grids, warnings, _) = bounded(&table.repeat(20));
        let places: usize = grids.iter().map(|(rows, columns)| rows * columns).sum();
        assert!(places <= MOST_PLACES, "{places}");
        assert_eq!(warnings.len(), 18);
        let (grids, warnings, _) = bounded(&table);
        assert_eq!((grids, warnings.len()), (vec![(100, 100)], 0));
    }
}
