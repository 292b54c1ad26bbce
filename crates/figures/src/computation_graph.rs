//! A computation as a graph: values go forward along its edges, partial derivatives back.

use crate::figure::{Figure, Words};
use crate::parts::palette::{GREY, INK};
use crate::parts::svg::{Area, Font, MARGIN, PLAIN, Pen, Svg, WIDTH};
use crate::parts::text::{digits, number, one_line, shortened, width};
use crate::setters::common_methods;

/// Boxes in columns, as the lecture draws w, a, b → z → a → C.
///
/// A node has its value above it and, once the backward pass has come there, the partial derivative
/// of the last node's quantity below it. An edge can carry its local derivative.
///
/// ```
/// use backprop_figures::ComputationGraph;
///
/// // C = ½ (y − a)² with a = 0.5 and y = 1: C = 0.125, ∂C/∂a = a − y = −0.5
/// let figure = ComputationGraph::new("The cost")
///     .node(0, "a", 0.5)
///     .node(0, "y", 1.0)
///     .node(1, "C", 0.125)
///     .edge("a", "C", "a − y")
///     .edge("y", "C", "")
///     .derivative("C", 1.0)
///     .derivative("a", -0.5)
///     .draw();
/// assert_eq!(
///     figure.alt(),
///     "The cost. Computational graph of 3 nodes. Forward: a = 0.5; y = 1; C = 0.125 from a, y. \
///      Backward: ∂C/∂a = −0.5; ∂C/∂C = 1."
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "a graph is shown by ending a cell with it"]
pub struct ComputationGraph {
    words: Words,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// Derivatives by the name of their node; those of unknown nodes are told as a problem.
    derivatives: Vec<(String, f64)>,
}

#[derive(Clone, Debug)]
struct Node {
    column: usize,
    name: String,
    value: f64,
}

#[derive(Clone, Debug)]
struct Edge {
    from: String,
    to: String,
    label: String,
}

/// From one node of a column to the next, with value and derivative, in pixels.
const ROW: f64 = 74.0;
const BOX_HEIGHT: f64 = 26.0;
/// The least room between two columns for the edges.
const GAP: f64 = 52.0;
/// The most room for the name of a node.
const NAME: f64 = 120.0;
/// What goes forward: Okabe–Ito's blue.
const FORWARD_COLOR: &str = "#0072b2";
/// What goes back: Okabe–Ito's vermillion, darkened until small print has a contrast of 6 to 1.
const BACKWARD_COLOR: &str = "#a34700";
const NUMBER: Font = Font { anchor: "middle", halo: true, ..PLAIN };
const LABEL: Font = Font { size: 11.0, anchor: "middle", color: GREY, halo: true, ..PLAIN };

impl ComputationGraph {
    /// Starts a graph without nodes.
    pub fn new(title: &str) -> Self {
        ComputationGraph {
            words: Words::new(title),
            nodes: Vec::new(),
            edges: Vec::new(),
            derivatives: Vec::new(),
        }
    }

    /// Adds a node below those that stand in this column (from 0, at the left), with its value.
    pub fn node(mut self, column: usize, name: &str, value: f64) -> Self {
        self.nodes.push(Node { column, name: one_line(name), value });
        self
    }

    /// Adds an edge from one node to another, with its local derivative in symbols or numbers; an
    /// empty label leaves it bare.
    pub fn edge(mut self, from: &str, to: &str, label: &str) -> Self {
        let [from, to, label] = [from, to, label].map(one_line);
        self.edges.push(Edge { from, to, label });
        self
    }

    /// Sets the partial derivative of the last node's quantity by a node's: ∂C/∂w.
    pub fn derivative(mut self, name: &str, value: f64) -> Self {
        self.derivatives.push((one_line(name), value));
        self
    }

    common_methods!();

    /// Draws the figure.
    pub fn draw(&self) -> Figure {
        let problems = self.problems();
        if !problems.is_empty() {
            return self.words.message(&problems);
        }
        let widths = self.column_widths();
        let needed = widths.iter().sum::<f64>() + GAP * (widths.len() - 1) as f64 + 2.0 * MARGIN;
        let mut svg = Svg::new(WIDTH.max(needed));
        let top = svg.heading(&self.words.title);
        let (boxes, bottom) = self.boxes(&widths, top, svg.width);
        for edge in &self.edges {
            if let (Some(from), Some(to)) = (self.find(&edge.from), self.find(&edge.to)) {
                draw_edge(&mut svg, &boxes[from], &boxes[to], &edge.label);
            }
        }
        for (node, area) in self.nodes.iter().zip(&boxes) {
            self.draw_node(&mut svg, node, area);
        }
        let bottom = self.draw_key(&mut svg, bottom);
        self.words.figure(svg, bottom + MARGIN, &self.gist())
    }

    /// Says what keeps the figure from being drawn.
    fn problems(&self) -> Vec<String> {
        if self.nodes.is_empty() {
            return vec!["it has no node yet: add one with .node(column, name, value)".to_owned()];
        }
        let mut problems = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if self.find(&node.name) != Some(index) {
                problems.push(format!("two nodes are called “{}”", node.name));
            }
        }
        let ends = self.edges.iter().flat_map(|edge| [&edge.from, &edge.to]);
        for name in ends.chain(self.derivatives.iter().map(|(name, _)| name)) {
            if self.find(name).is_none() {
                problems.push(format!("no node is called “{name}”"));
            }
        }
        for Edge { from, to, .. } in &self.edges {
            let column = |name| self.find(name).map(|index| self.nodes[index].column);
            if let (Some(left), Some(right)) = (column(from), column(to))
                && left >= right
            {
                problems
                    .push(format!("the edge from “{from}” to “{to}” does not lead to the right"));
            }
        }
        problems
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }

    fn derivative_of(&self, name: &str) -> Option<f64> {
        self.derivatives.iter().rev().find(|(of, _)| of == name).map(|(_, value)| *value)
    }

    /// Gives the nodes of each column, by index; a column may be empty.
    fn columns(&self) -> Vec<Vec<usize>> {
        let count = self.nodes.iter().map(|node| node.column + 1).max().unwrap_or(0);
        let mut columns = vec![Vec::new(); count];
        for (index, node) in self.nodes.iter().enumerate() {
            columns[node.column].push(index);
        }
        columns
    }

    /// Gives the room that each column needs: for names, values and derivatives.
    fn column_widths(&self) -> Vec<f64> {
        let room = |&index: &usize| {
            let node = &self.nodes[index];
            let name = width(&node.name, PLAIN.size).min(NAME) + 20.0;
            let derivative = self.derivative_of(&node.name).map(|d| digits(d, 3));
            let below = derivative.map_or(0.0, |d| width(&d, PLAIN.size));
            name.max(width(&digits(node.value, 4), PLAIN.size)).max(below)
        };
        let widest = |column: &Vec<usize>| column.iter().map(room).fold(44.0, f64::max);
        self.columns().iter().map(widest).collect()
    }

    /// Gives the box of each node, and where the tallest column ends.
    fn boxes(&self, widths: &[f64], top: f64, full: f64) -> (Vec<Area>, f64) {
        let columns = self.columns();
        let tallest = columns.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let free = full - 2.0 * MARGIN - widths.iter().sum::<f64>();
        let gap = free / (widths.len() - 1).max(1) as f64;
        let mut boxes =
            vec![Area { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 }; self.nodes.len()];
        let mut left = MARGIN;
        for (column, &wide) in columns.iter().zip(widths) {
            // The nodes of a column share its height evenly.
            let step = tallest * ROW / column.len().max(1) as f64;
            for (place, &index) in column.iter().enumerate() {
                let middle = top + (place as f64 + 0.5) * step;
                boxes[index] = Area {
                    left,
                    top: middle - 0.5 * BOX_HEIGHT,
                    right: left + wide,
                    bottom: middle + 0.5 * BOX_HEIGHT,
                };
            }
            left += wide + gap;
        }
        (boxes, top + tallest * ROW)
    }

    fn draw_node(&self, svg: &mut Svg, node: &Node, area: &Area) {
        let middle = (area.left + area.right) / 2.0;
        svg.rectangle(area, "#f4f4f4", 1.0, INK);
        let name = shortened(&node.name, PLAIN.size, NAME);
        svg.text(middle, area.bottom - 8.5, &name, &Font { anchor: "middle", bold: true, ..PLAIN });
        let font = Font { color: FORWARD_COLOR, ..NUMBER };
        svg.text(middle, area.top - 5.0, &digits(node.value, 4), &font);
        if let Some(derivative) = self.derivative_of(&node.name) {
            let font = Font { color: BACKWARD_COLOR, ..NUMBER };
            svg.text(middle, area.bottom + 15.0, &digits(derivative, 3), &font);
        }
    }

    /// Says what the numbers above and below a node are, and gives the y where that ends.
    fn draw_key(&self, svg: &mut Svg, top: f64) -> f64 {
        let above = "above a box: its value, forward →";
        svg.text(MARGIN, top + 18.0, above, &Font { color: FORWARD_COLOR, ..PLAIN });
        if !self.derivatives.is_empty() {
            let below = format!("below: ∂{}/∂ of it, ← backward", self.last());
            let x = MARGIN + width(above, PLAIN.size) + 20.0;
            svg.text(x, top + 18.0, &below, &Font { color: BACKWARD_COLOR, ..PLAIN });
        }
        top + 18.0
    }

    /// The node that the others lead to, whose derivatives are drawn.
    fn last(&self) -> &str {
        self.nodes.iter().max_by_key(|node| node.column).map_or("", |node| &node.name)
    }

    /// Says what the graph computes.
    fn gist(&self) -> String {
        let in_order: Vec<&Node> =
            self.columns().into_iter().flatten().map(|index| &self.nodes[index]).collect();
        let forward = in_order.iter().map(|node| {
            let from = self.edges.iter().filter(|edge| edge.to == node.name);
            let from: Vec<&str> = from.map(|edge| edge.from.as_str()).collect();
            let from =
                if from.is_empty() { String::new() } else { format!(" from {}", from.join(", ")) };
            format!("{} = {}{from}", node.name, number(node.value))
        });
        let forward: Vec<String> = forward.collect();
        let backward = in_order.iter().filter_map(|node| {
            let derivative = self.derivative_of(&node.name)?;
            Some(format!("∂{}/∂{} = {}", self.last(), node.name, number(derivative)))
        });
        let backward: Vec<String> = backward.collect();
        let plural = if self.nodes.len() == 1 { "" } else { "s" };
        let mut gist = format!(
            "Computational graph of {} node{plural}. Forward: {}.",
            self.nodes.len(),
            forward.join("; ")
        );
        if !backward.is_empty() {
            gist.push_str(&format!(" Backward: {}.", backward.join("; ")));
        }
        gist
    }
}

fn draw_edge(svg: &mut Svg, from: &Area, to: &Area, label: &str) {
    let start = (from.right, (from.top + from.bottom) / 2.0);
    let end = (to.left, (to.top + to.bottom) / 2.0);
    svg.arrow(start, end, &Pen { color: GREY, width: 1.2, dash: "" });
    if !label.is_empty() {
        let (x, y) = (start.0 + 0.45 * (end.0 - start.0), start.1 + 0.45 * (end.1 - start.1));
        svg.text(x, y + 4.0, &shortened(label, LABEL.size, end.0 - start.0), &LABEL);
    }
}
