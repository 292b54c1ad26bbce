//! Tables of HTML in the markup of Typst.

use super::prose::tables::span;
use super::prose::{Element, Node};

/// Writes what stands in a cell.
type Blocks<'a> = &'a mut dyn FnMut(&[Node]) -> String;

struct Cell<'a> {
    element: &'a Element,
    columns: usize,
    rows: usize,
}

/// Writes a table, with its caption as a numbered one; `blocks` writes what stands in its cells.
pub fn written(table: &Element, blocks: Blocks) -> String {
    let mut caption = None;
    let (mut head, mut body) = (Vec::new(), Vec::new());
    let mut beside = String::new();
    for child in &table.children {
        let Node::Element(part) = child else { continue };
        match part.name.as_str() {
            "caption" => caption = Some(blocks(&part.children)),
            "thead" => head.extend(rows(part)),
            "tbody" | "tfoot" => body.extend(rows(part)),
            "tr" => body.push(cells(part)),
            "colgroup" | "col" => {}
            _ => beside.push_str(&blocks(std::slice::from_ref(child))),
        }
    }
    let columns = columns(&head).max(columns(&body)).max(1);
    let mut content = String::new();
    if !head.is_empty() {
        content.push_str(&format!("table.header({}), ", of_rows(blocks, &head, columns)));
    }
    content.push_str(&of_rows(blocks, &body, columns));
    let table = format!("table(columns: {columns}, {content})");
    let table = match caption {
        Some(caption) => format!("#figure(kind: table, caption: [{caption}], {table});"),
        None => format!("#{table};"),
    };
    if beside.is_empty() { table } else { format!("{beside}\n\n{table}") }
}

fn rows(part: &Element) -> Vec<Vec<Cell<'_>>> {
    let elements = elements(part).filter(|row| row.name == "tr");
    elements.map(cells).collect()
}

fn cells(row: &Element) -> Vec<Cell<'_>> {
    let elements = elements(row).filter(|element| element.is(&["td", "th"]));
    let cells = elements.map(|element| {
        let (columns, rows) = (span(element, "colspan"), span(element, "rowspan"));
        Cell { element, columns, rows }
    });
    cells.collect()
}

fn elements(parent: &Element) -> impl Iterator<Item = &Element> {
    parent.children.iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        _ => None,
    })
}

/// Counts the columns, those that cells above reach into among them.
fn columns(rows: &[Vec<Cell>]) -> usize {
    let mut reaching: Vec<(usize, usize)> = Vec::new();
    let mut most = 0;
    for row in rows {
        let from_above: usize = reaching.iter().map(|(columns, _)| columns).sum();
        most = most.max(from_above + row.iter().map(|cell| cell.columns).sum::<usize>());
        reaching.iter_mut().for_each(|(_, rows)| *rows -= 1);
        reaching.extend(row.iter().map(|cell| (cell.columns, cell.rows - 1)));
        reaching.retain(|(_, rows)| *rows > 0);
    }
    most
}

/// Writes rows, each filled up to the number of columns.
fn of_rows(blocks: Blocks, rows: &[Vec<Cell>], columns: usize) -> String {
    let mut written = String::new();
    let mut reaching: Vec<(usize, usize)> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let mut used: usize = reaching.iter().map(|(columns, _)| columns).sum();
        reaching.iter_mut().for_each(|(_, rows)| *rows -= 1);
        for cell in row {
            // A cell reaches no further than the rows that there are.
            let spans = cell.rows.min(rows.len() - number);
            used += cell.columns;
            reaching.push((cell.columns, spans - 1));
            written.push_str(&of_cell(blocks, cell, spans));
        }
        reaching.retain(|(_, rows)| *rows > 0);
        written.push_str(&"[], ".repeat(columns.saturating_sub(used)));
    }
    written
}

fn of_cell(blocks: Blocks, cell: &Cell, rows: usize) -> String {
    let content = blocks(&cell.element.children);
    let content = match cell.element.name.as_str() {
        "th" => format!("#strong[{content}];"),
        _ => content,
    };
    let side = alignment(cell.element).map(|side| format!("align: {side}, ")).unwrap_or_default();
    if cell.columns == 1 && rows == 1 && side.is_empty() {
        return format!("[{content}], ");
    }
    format!("table.cell(colspan: {}, rowspan: {rows}, {side})[{content}], ", cell.columns)
}

/// Gives the side that an element's text is set to.
pub fn alignment(element: &Element) -> Option<&'static str> {
    if element.name == "center" {
        return Some("center");
    }
    let style = element.attribute("style").unwrap_or_default().replace(' ', "");
    let of_style = style.split(';').find_map(|entry| entry.strip_prefix("text-align:"));
    match element.attribute("align").or(of_style)? {
        "center" => Some("center"),
        "right" => Some("right"),
        _ => None,
    }
}
