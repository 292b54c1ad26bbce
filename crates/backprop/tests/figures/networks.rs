//! Figures of networks, of their numbers and of what they answer.

use super::*;

#[test]
fn a_large_network_keeps_every_layer() {
    let svg = NetworkDiagram::new("", &network(&[784, 30, 10])).draw().svg();
    for words in ["⋮ 776", "⋮ 22", "30, sigmoid", "10, log-softmax"] {
        assert!(svg.contains(&format!(">{words}</text>")), "{words}");
    }
    // 8 inputs and 8 hidden neurons stand for all of theirs, the 10 outputs for themselves.
    assert_eq!(svg.matches("<circle").count(), 8 + 8 + 10);
    let legend = 2;
    assert_eq!(svg.matches("<polyline").count(), 8 * 8 + 8 * 10 + legend);
}

#[test]
fn a_small_network_shows_its_numbers() {
    let layer = Layer { w: array![[0.5, -2.0]], b: array![0.25], activation: Activation::Sigmoid };
    let network = Network::from_layers(vec![layer]).unwrap();
    // z = 0.5 · 1.5 − 2 · 0.5 + 0.25 = 0, a = 1/2
    let figure = NetworkDiagram::new("", &network).example(&[1.5, 0.5]).draw();
    for number in ["1.5", "0.5", "−2", "b = 0.25"] {
        assert!(figure.svg().contains(&format!(">{number}</text>")), "{number}");
    }
    assert!(figure.alt().contains("inputs 1.5, 0.5; layer 1 0.5."), "{}", figure.alt());
}

#[test]
fn a_graph_has_values_above_its_boxes_and_derivatives_below() {
    let figure = ComputationGraph::new("")
        .node(0, "w", 0.5)
        .node(0, "a", 2.0)
        .node(1, "z", 1.0)
        .edge("w", "z", "∂z/∂w = a")
        .edge("a", "z", "")
        .derivative("w", 0.25)
        .draw();
    let svg = figure.svg();
    let height = |text: &str| -> f64 {
        let line = svg.lines().find(|line| line.ends_with(&format!(">{text}</text>"))).expect(text);
        between(line, "y=\"", "\"").parse().unwrap()
    };
    assert!(height("0.5") < height("w") && height("w") < height("0.25"));
    assert!(height("0.25") < height("2"), "the next node starts below");
    assert_eq!(svg.matches("<polygon").count(), 2, "one arrow head per edge");
    assert!(svg.contains("∂z/∂w = a"));
}

#[test]
fn a_confusion_matrix_shows_counts_and_shares_of_the_row() {
    let classes = ["cat", "dog"].map(String::from);
    let (labels, predictions) = ([0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1, 0]);
    let matrix = ConfusionMatrix::new("Pets", &labels, &predictions, &classes).caption("seed 0");
    assert_eq!(matrix.counts(), [3, 1, 1, 2]);
    let figure = matrix.draw();
    let svg = figure.svg();
    for text in ["3", "75 %", "1", "25 %", "33.3 %", "2", "66.7 %", "Pets"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text}");
    }
    assert_eq!(figure.caption(), "seed 0");
}

#[test]
fn a_unit_is_shaded_where_its_sum_is_above_zero() {
    // x₁ > 1 on −2 to 2: the right quarter.
    let svg = VennDiagram::new("", &unit(1.0, 0.0, -1.0)).draw().svg();
    let shaded = &polygons(&svg)[0];
    let frame: Vec<f64> = between(svg.rsplit("<rect x=").next().unwrap(), "\"", "fill=")
        .split('"')
        .filter_map(|part| part.parse().ok())
        .collect();
    let [left, _, width, height] = frame[..] else { panic!("{frame:?}") };
    let xs: Vec<f64> = shaded.iter().map(|(x, _)| *x).collect();
    let (low, high) = xs.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
    assert!((low - (left + 0.75 * width)).abs() < 0.2, "{low}: a tenth of a pixel is rounded off");
    assert!((high - (left + width)).abs() < 0.2, "{high}");
    assert!(height > 300.0);
}

#[test]
fn a_venn_diagram_has_sliders_that_start_where_the_picture_stands() {
    let diagram = VennDiagram::new(NASTY, &unit(0.5, -1.0, 0.25));
    let html = diagram.html();
    let (still, script) = html.split_once("<script>").unwrap();
    assert!(still.contains(&diagram.draw().html()), "the picture stands without script");
    assert_eq!(html.matches("</script").count(), 1, "no text ends ours");
    for (name, value) in [("w₁", "0.5"), ("w₂", "-1.0"), ("b", "0.25")] {
        // From −1.25 to 1.25: a quarter beyond the largest.
        let slider = format!(
            r#"{{"max":1.25,"min":-1.25,"name":"unit 1: {name}","step":"any","value":{value}}}"#
        );
        assert!(script.contains(&slider), "{slider}");
    }
    let blocks = blocks(&diagram.bundle());
    assert_eq!((blocks.len(), &blocks[0].1), (3, &html));
    assert!(!VennDiagram::new("", &unit(f32::NAN, 0.0, 0.0)).html().contains("<script"));
}

#[test]
fn a_diverged_network_is_drawn() {
    let layer = Layer { w: array![[f32::NAN, 1.0]], b: array![0.0], activation: Activation::Relu };
    let network = Network::from_layers(vec![layer]).unwrap();
    let figure = NetworkDiagram::new("", &network).example(&[1.0, 1.0]).draw();
    assert!(figure.alt().contains("not a number"), "{}", figure.alt());
    assert!(!figure.svg().contains("\"NaN\""));
}
