//! The figures as a notebook gets them: words, HTML, protocol, pixels, and data that do not fit.

use backprop::prelude::*;
use base64::prelude::{BASE64_STANDARD, Engine};

const SIGMOID: [f64; 5] = [1.322, 0.512, 0.401, 0.25, 0.213];

fn curves() -> Curves {
    Curves::new("Running loss").x("epoch").y("running loss (nats)").series("sigmoid", &SIGMOID)
}

fn network(sizes: &[usize]) -> Network {
    Network::new(sizes).unwrap()
}

/// A unit of two inputs.
fn unit(w1: f32, w2: f32, b: f32) -> Layer {
    Layer { w: array![[w1, w2]], b: array![b], activation: Activation::Sigmoid }
}

/// f(x, y) = x² + 4 y² on a rectangle.
fn valley(title: &str) -> Contour {
    Contour::new(title, (-2.0, 2.0), (-1.0, 1.0), &|x, y| x * x + 4.0 * y * y)
}

/// Gives what stands between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).expect(before);
    rest.split_once(after).expect(after).0
}

/// Reads the picture that a figure's SVG embeds: width, height, and its bytes.
fn embedded_png(figure: &Figure) -> (usize, usize, Vec<u8>) {
    let svg = figure.svg();
    let bytes = BASE64_STANDARD.decode(between(&svg, "data:image/png;base64,", "\"")).unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width as usize, info.height as usize, pixels)
}

/// Gives the HTML with the picture itself left out.
fn skeleton(html: &str) -> String {
    let picture = between(html, "base64,", "\"").to_string();
    html.replace(&picture, "…")
}

/// Reads a bundle as evcxr does: the MIME type and content of each block, and nothing between them.
fn blocks(bundle: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = bundle.lines();
    while let Some(line) = lines.next() {
        let mime = line.strip_prefix("EVCXR_BEGIN_CONTENT ").expect("a block begins");
        let content: Vec<&str> =
            lines.by_ref().take_while(|line| *line != "EVCXR_END_CONTENT").collect();
        blocks.push((mime.to_string(), content.join("\n")));
    }
    blocks
}

#[test]
fn words_say_what_a_figure_shows() {
    let figure = curves()
        .series("diverges", &[1.0, f64::NAN, f64::INFINITY, 3.0, 2.0])
        .horizontal("ln 10", 2.303)
        .caption("MNIST, seed 0.");
    insta::assert_snapshot!(figure.draw().text(), @"
    Running loss. Line plot of running loss (nats) over epoch from 1 to 5: sigmoid falls from 1.322 to 0.213; diverges rises from 1 to 2, highest 3 at 4 (2 values left out: not finite). Reference line: ln 10 at 2.303.
    MNIST, seed 0.
    ");
    let figure = Curves::new("Which rate?").log_x().points().line(
        "ReLU",
        &[0.0, 0.001, 0.01, 0.1],
        &[1.0, 94.0, 95.9, 60.0],
    );
    insta::assert_snapshot!(figure.draw().text(), @"Which rate? Scatter plot of y over x, on a logarithmic axis, from 0.001 to 0.1: ReLU falls from 94 to 60, highest 95.9 at 0.01 (1 value left out: not finite or not above zero).");
    let figure = Curves::new("Seeds").log_y().band(
        "loss",
        &[1.0, 2.0, 3.0],
        &[2.0, f64::NAN, 0.5],
        &[1.0, 1.0, -0.1],
        &[3.0, 1.0, 1.0],
    );
    insta::assert_snapshot!(figure.draw().text(), @"Seeds. Line plot of y, on a logarithmic axis, over x from 1 to 3: loss falls from 2 to 0.5 (1 value left out: not finite or not above zero), band 1 to 3 at 1, −0.1 to 1 at 3.");
    let figure = Curves::new("").steps("α = 1", &[3.0, -1.0, 1.0], &[9.0, 1.0, 1.0]);
    insta::assert_snapshot!(figure.draw().text(), @"Line plot of y over x from −1 to 3: α = 1 goes in 2 steps from (3, 9) to (1, 1).");
    let figure = HeatMap::new("", &[0.5, f64::NAN, -1.5, 2.25], 2, 2).diverging();
    insta::assert_snapshot!(figure.draw().text(), @"Heat map of 2 × 2 values, from −1.5 (row 1, column 0) to 2.25 (row 1, column 1). Grey: 1 not finite.");
    let figure = ImageGrid::new("Wrong", &[0; 12], 2, 2)
        .labels(&["1", "2", "3"].map(String::from))
        .highlight(&[1]);
    insta::assert_snapshot!(figure.draw().text(), @"Wrong. 3 images of 2 × 2 pixels in 1 row, labelled 1, 2, 3; highlighted (counted from 0): 1.");
    let figure = curves().alt("My own words").draw();
    assert_eq!(figure.alt(), "My own words");
}

#[test]
fn html_has_alt_text_and_caption() {
    let figure = curves().draw().with_caption("MNIST, seed 0.");
    insta::assert_snapshot!(skeleton(&figure.html()), @r#"
    <figure style="margin:0.5em 0">
    <img alt="Running loss. Line plot of running loss (nats) over epoch from 1 to 5: sigmoid falls from 1.322 to 0.213." src="data:image/svg+xml;base64,…" style="max-width:100%;height:auto">
    <figcaption>MNIST, seed 0.</figcaption>
    </figure>
    "#);
    let html = figure.html();
    let picture = BASE64_STANDARD.decode(between(&html, "svg+xml;base64,", "\"")).unwrap();
    assert_eq!(String::from_utf8(picture).unwrap(), figure.svg());
}

#[test]
fn a_bundle_holds_html_svg_and_text() {
    let figure = curves().draw();
    let blocks = blocks(&figure.bundle());
    let mimes: Vec<&str> = blocks.iter().map(|(mime, _)| mime.as_str()).collect();
    assert_eq!(mimes, ["text/html", "image/svg+xml", "text/plain"]);
    assert_eq!(blocks[0].1, figure.html());
    assert_eq!(blocks[1].1, figure.svg().trim_end());
    assert_eq!(blocks[2].1, figure.text());
}

const NASTY: &str = "<script>alert(\"boo\" & 'hoo')</script>\u{1b}[0m";

/// One of each kind of figure, with the same text wherever a text can stand.
fn figures_with(text: &str) -> Vec<Figure> {
    let one = &[text];
    vec![
        Curves::new(text).x(text).y(text).series(text, &[1.0, 2.0]).horizontal(text, 1.0).draw(),
        Curves::new(text).line(text, &[1.0], &[]).draw(),
        Bars::new(text, one).x(text).y(text).counts(text, &[3]).draw(),
        HeatMap::new(text, &[1.0], 1, 1).row_names(one).column_names(one).x(text).y(text).draw(),
        HeatMap::confusion(text, &[1, 2, 3, 4], &[text, text]).draw(),
        ConfusionMatrix::new(text, &[0], &[0], &one.map(String::from)).draw(),
        valley(text).x(text).y(text).z(text).path(text, &[0.0], &[0.0]).draw(),
        ComputationGraph::new(text)
            .node(0, text, 1.0)
            .node(1, "C", 2.0)
            .edge(text, "C", text)
            .derivative(text, 1.0)
            .draw(),
        ComputationGraph::new(text).edge(text, text, text).draw(),
        VennDiagram::new(text, &network(&[2, 2]).layers()[0]).draw(),
        NetworkDiagram::new(text, &network(&[1, 1])).inputs(one).outputs(one).draw(),
        ImageGrid::new(text, &[7], 1, 1).labels(&one.map(String::from)).draw(),
        PixelNumbers::new(text, &[7], 1, 1).alt(text).draw(),
    ]
    .into_iter()
    .map(|figure| figure.with_caption(text))
    .collect()
}

#[test]
fn no_text_becomes_markup() {
    let table = Table::new(&[NASTY]).row(&[NASTY]).caption(NASTY).html();
    for markup in figures_with(NASTY).iter().flat_map(|f| [f.svg(), f.html()]).chain([table]) {
        assert!(!markup.contains("<script") && !markup.contains('\u{1b}'), "{markup}");
        assert!(!["\"boo\"", "'hoo'", " & "].iter().any(|raw| markup.contains(raw)), "{markup}");
    }
    for figure in figures_with(NASTY) {
        assert!(figure.svg().contains("&lt;script&gt;"), "the title is still there");
    }
}

#[test]
fn no_text_breaks_out_of_its_block() {
    for text in ["EVCXR_END_CONTENT", "a\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/html"] {
        for figure in figures_with(text) {
            assert_eq!(blocks(&figure.bundle()).len(), 3, "{}", figure.bundle());
        }
        let table = Table::new(&[text]).row(&[text]).caption(text);
        assert_eq!(blocks(&table.bundle()).len(), 2, "{}", table.bundle());
    }
}

#[test]
fn data_that_do_not_fit_are_told_in_the_figure() {
    let told = [
        Curves::new("").draw(),
        curves().line("short", &[1.0, 2.0], &[1.0]).draw(),
        Curves::new("").series("a", &[f64::NAN]).draw(),
        Curves::new("").series("a", &[-1.0, 0.0]).log_y().draw(),
        curves().y_range(2.0, 1.0).draw(),
        curves().band("narrow", &[1.0, 2.0], &[1.0, 1.0], &[0.0], &[2.0, 3.0, 4.0]).draw(),
        Bars::new("", &[]).draw(),
        Bars::new("", &["a", "b"]).series("one", &[1.0]).draw(),
        HeatMap::new("", &[1.0, 2.0, 3.0], 2, 2).draw(),
        HeatMap::new("", &[1.0, 2.0], 1, 2).row_names(&["a", "b"]).draw(),
        HeatMap::confusion("", &[1, 2, 3], &["a", "b"]).draw(),
        ConfusionMatrix::new("", &[0, 1], &[2], &["a", "b"].map(String::from)).draw(),
        ConfusionMatrix::new("", &[], &[], &[]).draw(),
        Contour::new("", (1.0, 1.0), (0.0, f64::NAN), &|_, _| 0.0).draw(),
        Contour::new("", (0.0, 1.0), (0.0, 1.0), &|_, _| f64::NAN).draw(),
        Contour::new("", (0.0, 1.0), (0.0, 1.0), &|x, _| -x).log_levels().draw(),
        valley("").path("short", &[1.0, 2.0], &[1.0]).draw(),
        VennDiagram::new("", &network(&[3, 2]).layers()[0]).draw(),
        VennDiagram::new("", &network(&[2, 7]).layers()[0]).range(1.0, 0.0).draw(),
        ComputationGraph::new("").draw(),
        ComputationGraph::new("")
            .node(0, "w", 1.0)
            .node(0, "w", 2.0)
            .node(1, "z", 3.0)
            .edge("z", "w", "")
            .derivative("C", 1.0)
            .draw(),
        NetworkDiagram::new("", &network(&[2, 1])).example(&[1.0]).outputs(&["a", "b"]).draw(),
        ImageGrid::new("", &[], 28, 28).draw(),
        ImageGrid::new("", &[0; 783], 28, 28).draw(),
        ImageGrid::weights("", &array![[0.5, 1.0, -1.0]], 28, 28).draw(),
        ImageGrid::new("", &[0; 4], 0, 2).draw(),
        ImageGrid::new("", &[0; 8], 2, 2)
            .labels(&["1"].map(String::from))
            .highlight(&[2])
            .columns(0)
            .draw(),
        PixelNumbers::new("", &[0; 3], 2, 2).draw(),
        PixelNumbers::new("", &[0; 64 * 64], 64, 64).draw(),
    ];
    let texts: Vec<String> = told.iter().map(Figure::alt).collect();
    insta::assert_snapshot!(texts.join("\n"));
    for figure in told {
        assert!(figure.svg().contains("This figure cannot be drawn:"));
    }
}

#[test]
fn odd_but_drawable_data_are_drawn() {
    let odd = [
        Curves::new("").series("one point", &[2.3]).draw(),
        Curves::new("").series("flat", &[0.0, 0.0, 0.0]).draw(),
        Curves::new("").series("huge", &[1e300, -1e300]).draw(),
        Curves::new("").series("tiny", &[1e-300, 1e-200]).log_y().draw(),
        Curves::new("").steps("no step", &[1.0, 1.0], &[2.0, 2.0]).draw(),
        Curves::new("").runs("no run", &[1.0], &[]).series("line", &[1.0]).draw(),
        Contour::new("", (0.0, 1.0), (0.0, 1.0), &|_, _| 2.0).draw(),
        Contour::new("", (0.0, 1.0), (0.0, 1.0), &|x, y| 1.0 / (x - y)).draw(),
        Contour::new("", (0.0, 1.0), (0.0, 1.0), &|x, y| x * y).log_levels().draw(),
        valley("").path("off", &[f64::NAN, 9e99], &[0.0, 0.0]).path("none", &[], &[]).draw(),
        Bars::new("", &["a", "b"]).series("", &[f64::NAN, f64::INFINITY]).draw(),
        Bars::new("", &["a"]).series("", &[0.0]).draw(),
        VennDiagram::new("", &unit(0.0, 0.0, 1.0)).draw(),
        VennDiagram::new("", &unit(1.0, 1.0, -9.0)).draw(),
        ImageGrid::weights("", &array![[0.0, 0.0]], 1, 2).draw(),
        ImageGrid::weights("", &array![[f32::NAN, f32::INFINITY]], 1, 2).draw(),
        HeatMap::new("", &[0.0; 4], 2, 2).draw(),
        HeatMap::confusion("", &[0; 4], &["a", "b"]).draw(),
        HeatMap::new("", &[0.0; 4], 2, 2).diverging().draw(),
    ];
    for figure in odd {
        let svg = figure.svg();
        assert!(!svg.contains("cannot be drawn"), "{}", figure.alt());
        assert!(
            !["NaN", "\"inf", "\"-inf", ",inf", ",-inf"].iter().any(|no| svg.contains(no)),
            "{svg}"
        );
    }
}

/// Gives the corners of all polygons of an SVG.
fn polygons(svg: &str) -> Vec<Vec<(f64, f64)>> {
    let point = |text: &str| {
        let (x, y) = text.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    let corners = |part: &str| between(part, "points=\"", "\"").split(' ').map(point).collect();
    svg.split("<polygon").skip(1).map(corners).collect()
}

#[test]
fn a_band_stays_within_the_axes_and_has_gaps_where_its_line_has() {
    let (xs, ys) = ([1.0, 2.0, 3.0, 4.0, 5.0], [0.5, 0.5, f64::NAN, 0.5, 0.5]);
    let figure = Curves::new("").band("", &xs, &ys, &[-9.0; 5], &[9.0; 5]).y_range(0.0, 1.0).draw();
    let bands = polygons(&figure.svg());
    assert_eq!(bands.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4], "two runs of two points");
    let (frame_top, frame_bottom) = (14.0, 14.0 + 350.0);
    for (_, y) in bands.into_iter().flatten() {
        assert!((frame_top..=frame_bottom).contains(&y), "{y}");
    }
}

#[test]
fn runs_of_unequal_length_end_together() {
    let runs = [vec![1.0, 2.0, 3.0], vec![3.0, 4.0]];
    let figure = Curves::new("").runs("mean", &[1.0, 2.0, 3.0], &runs).draw();
    assert!(
        figure.alt().contains(
            "mean rises from 2 to 3 (1 value left out: not finite), band 1 to 3 at 1, 2 to 4 at 2"
        ),
        "{}",
        figure.alt()
    );
}

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

/// Trains a small network for two epochs on images whose classes are named `class`.
fn recording(title: &str, class: &str) -> Explore {
    let digits = Data::digits(200, 50).unwrap();
    let named = |set: &Dataset| {
        let classes = vec![class.to_owned(); 10];
        Dataset::new(set.pixels().to_owned(), set.labels().to_vec(), (28, 28), classes).unwrap()
    };
    let data = Data::new("named digits", named(&digits.train), named(&digits.test));
    let mut network = network(&[784, 6, 10]);
    let trainer = Trainer { epochs: 2, ..Trainer::default() };
    let mut explore = Explore::new(title, &network, &data.test, 3).unwrap();
    trainer.train_with(&mut network, &data, &mut |progress| explore.record(progress)).unwrap();
    explore
}

#[test]
fn an_exploration_has_a_sentence_for_each_epoch_and_stands_without_script() {
    let explore = recording("Learning", "digit");
    let html = explore.html();
    for words in
        ["Before the training: test loss", "After epoch 1 of 2: running loss", "After epoch 2"]
    {
        assert!(html.contains(words), "{words}");
    }
    let (still, _) = html.split_once("<script>").unwrap();
    assert!(still.contains(&explore.draw().html()), "the last frame is there as a picture");
    assert!(!html.contains("http://") && !html.contains("https://"), "nothing is fetched");
    for handler in ["onclick", "oninput", "onchange", "onload"] {
        assert!(!html.contains(handler), "{handler}: sanitisers drop what has it");
    }
    let blocks = blocks(&explore.bundle());
    let mimes: Vec<&str> = blocks.iter().map(|(mime, _)| mime.as_str()).collect();
    assert_eq!(mimes, ["text/html", "image/svg+xml", "text/plain"]);
}

#[test]
fn a_second_training_takes_the_place_of_the_first() {
    let data = Data::digits(64, 10).unwrap();
    let mut network = network(&[784, 2, 10]);
    let mut explore = Explore::new("", &network, &data.test, 0).unwrap();
    for epochs in [3, 2] {
        let trainer = Trainer { epochs, ..Trainer::default() };
        trainer.train_with(&mut network, &data, &mut |progress| explore.record(progress)).unwrap();
        let html = explore.html();
        assert_eq!(
            html.matches("After epoch").count(),
            1 + epochs,
            "the picture's and each frame's"
        );
    }
}

#[test]
fn an_exploration_of_the_labs_network_stays_small() {
    let data = Data::digits(256, 50).unwrap();
    let mut network = network(&[784, 30, 10]);
    // Steps of Adam at this rate change every weight in every epoch by several levels.
    let trainer = Trainer { epochs: 15, optimizer: Optimizer::adam(0.02), ..Trainer::default() };
    let mut explore = Explore::new("", &network, &data.test, 0).unwrap();
    trainer.train_with(&mut network, &data, &mut |progress| explore.record(progress)).unwrap();
    let size = explore.bundle().len();
    assert!(size < 300_000, "{size}");
}

#[test]
fn no_text_becomes_markup_in_an_exploration() {
    let html = recording(NASTY, NASTY).html();
    assert_eq!(html.matches("<script").count(), 1, "ours");
    assert_eq!(html.matches("</script").count(), 1);
    assert!(blocks(&recording("", "EVCXR_END_CONTENT").bundle()).len() == 3);
}

#[test]
fn an_exploration_wants_an_image_that_fits_and_an_epoch() {
    let data = Data::digits(20, 10).unwrap();
    let error = Explore::new("", &network(&[784, 2, 10]), &data.test, 10).unwrap_err();
    assert_eq!(error.to_string(), "image to explore: expected an index below 10, found 10");
    assert!(Explore::new("", &network(&[4, 2, 10]), &data.test, 0).is_err());
    let explore = Explore::new("", &network(&[784, 2, 10]), &data.test, 0).unwrap();
    assert!(explore.html().contains("it has recorded no epoch"), "{}", explore.html());
}

#[test]
fn a_path_stays_on_the_map() {
    let figure = valley("").path("overshoots", &[-1.5, 1.0, 3.0, 0.5], &[0.5, -0.5, 9.0, 0.0]);
    let svg = figure.draw().svg();
    let map = between(&svg, "<image x=\"", "preserve");
    let sides: Vec<f64> = map.split('"').filter_map(|part| part.parse().ok()).collect();
    let [left, top, width, height] = sides[..] else { panic!("{map}") };
    // All squares and arrow heads but those of the legend lie on it.
    let heads = polygons(&svg);
    let (on_map, legend) = heads.split_at(heads.len() - 3);
    assert!(on_map.len() >= 3, "{}", on_map.len());
    for (x, y) in on_map.iter().flatten() {
        assert!((left..=left + width).contains(x) && (top..=top + height).contains(y), "{x}, {y}");
    }
    assert!(legend.iter().flatten().all(|(_, y)| *y > top + height));
}

#[test]
fn a_map_is_darker_where_the_function_is_higher() {
    let (width, height, pixels) = embedded_png(&valley("").draw());
    let shade = |across: f64, up: f64| {
        let (x, y) = (across * (width - 1) as f64, (1.0 - up) * (height - 1) as f64);
        pixels[3 * (y as usize * width + x as usize)]
    };
    let (bottom, slope, top) = (shade(0.5, 0.5), shade(0.2, 0.3), shade(0.0, 1.0));
    assert!(bottom > slope && slope > top, "{bottom}, {slope}, {top}");
}

#[test]
fn a_diverged_network_is_drawn() {
    let layer = Layer { w: array![[f32::NAN, 1.0]], b: array![0.0], activation: Activation::Relu };
    let network = Network::from_layers(vec![layer]).unwrap();
    let figure = NetworkDiagram::new("", &network).example(&[1.0, 1.0]).draw();
    assert!(figure.alt().contains("not a number"), "{}", figure.alt());
    assert!(!figure.svg().contains("\"NaN\""));
}

#[test]
fn long_texts_leave_room_for_the_data() {
    for figure in
        figures_with(&"long ".repeat(60)).into_iter().chain(figures_with(&"x".repeat(300)))
    {
        let width: f64 = between(&figure.svg(), "width=\"", "\"").parse().unwrap();
        assert!((720.0..10_000.0).contains(&width), "{width}");
    }
    let long = curves().horizontal(&"x".repeat(300), 1.0).draw();
    assert!(long.svg().contains("xxx…</text>") && long.alt().contains(&"x".repeat(300)));
}

#[test]
fn a_grid_holds_the_pixels_given() {
    let image: Vec<u8> = (0..28 * 28).map(|i| (i % 256) as u8).collect();
    for (invert, what) in [(true, 255), (false, 0)] {
        let (width, height, pixels) =
            embedded_png(&ImageGrid::new("", &image, 28, 28).invert(invert).draw());
        let scale = width / 28;
        assert!(scale >= 2 && width == 28 * scale && height == 28 * scale);
        for (i, pixel) in pixels.iter().enumerate() {
            let (row, column) = (i / width / scale, i % width / scale);
            assert_eq!(*pixel, image[row * 28 + column] ^ what, "row {row}, column {column}");
        }
    }
}

#[test]
fn weights_are_blue_below_zero_and_red_above() {
    let (width, _, pixels) =
        embedded_png(&ImageGrid::weights("", &array![[-0.5, 0.0, 1.0]], 1, 3).draw());
    let scale = width / 3;
    let color = |column: usize| &pixels[3 * (column * scale)..][..3];
    let (negative, zero, positive) = (color(0), color(1), color(2));
    assert!(negative[2] > negative[0], "{negative:?}");
    assert!(zero[0] == zero[1] && zero[1] == zero[2], "{zero:?}");
    assert!(positive[0] > positive[2] && positive[2] < negative[0], "−0.5 is paler than 1");
}

#[test]
fn a_digit_shows_its_numbers() {
    let pixels: Vec<u8> = (0..28 * 28).map(|i| (i % 251) as u8).collect();
    let figure = PixelNumbers::new("", &pixels, 28, 28).draw();
    let svg = figure.svg();
    let written: Vec<u8> = (svg.split("<tspan").skip(1))
        .map(|cell| between(cell, ">", "<").parse().unwrap())
        .collect();
    assert_eq!(written, pixels);
    let (width, _, shades) = embedded_png(&figure);
    let scale = width / 28;
    assert_eq!(shades[(3 * scale) * width + 5 * scale], 255 - pixels[3 * 28 + 5]);
}

#[test]
fn figures_stay_small() {
    let mut state: u64 = 1;
    let mut random = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let losses: Vec<f64> = (0..15 * 938).map(|_| random()).collect();
    let weights: Vec<f64> = (0..30 * 784).map(|_| random() - 0.5).collect();
    // As much ink as handwriting: every fifth pixel, its value at random.
    let digits: Vec<u8> =
        (0..400 * 784).map(|_| if random() < 0.2 { (255.0 * random()) as u8 } else { 0 }).collect();
    let figures = [
        Curves::new("").series("a", &losses).series("b", &losses).draw(),
        Curves::new("").series("a", &losses).points().draw(),
        HeatMap::new("", &weights, 30, 784).diverging().draw(),
        valley("").path("long", &losses, &losses).draw(),
        NetworkDiagram::new("", &network(&[784, 30, 30, 30, 30, 30, 10]))
            .example(&[0.0; 784])
            .draw(),
        ImageGrid::new("", &digits[..100 * 784], 28, 28).draw(),
        ImageGrid::weights("", &network(&[784, 300, 10]).layers()[0].w, 28, 28).draw(),
        PixelNumbers::new("", &digits[..784], 28, 28).draw(),
    ];
    for figure in figures {
        let size = figure.bundle().len();
        assert!(size < 300_000, "{size} bytes: {}", figure.alt());
    }
    let many = ImageGrid::new("", &digits, 28, 28).draw();
    assert!(many.alt().starts_with("The first 256 of 400 images"), "{}", many.alt());
}

#[test]
fn a_figure_is_saved_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loss.svg");
    let figure = curves().draw();
    figure.save(path.to_str().unwrap()).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), figure.svg());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left there");

    let error = figure.save("no/such/folder/loss.svg").unwrap_err();
    assert!(error.to_string().starts_with("no/such/folder/loss.svg: "), "{error}");
}

#[test]
fn a_table_is_aligned_in_text_and_html() {
    let table = Table::new(&["network", "loss", "accuracy", "note"])
        .row(&["784-30-10", "0.2132", "93.85 %", "a < b"])
        .row(&["784-30-30-10", "−0.1", "7 %"])
        .caption("MNIST, seed 0.");
    insta::assert_snapshot!(table.text(), @"
    network         loss  accuracy  note
    ------------  ------  --------  -----
    784-30-10     0.2132   93.85 %  a < b
    784-30-30-10    −0.1       7 %
    MNIST, seed 0. Row 2 has 3 cells, the header 4.
    ");
    insta::assert_snapshot!(Table::new(&["a", "b", "c"]).row(&["1", "&", "x"]).align("lcr").html(), @r#"
    <table>
    <thead>
    <tr><th scope="col" style="text-align:left">a</th><th scope="col" style="text-align:center">b</th><th scope="col" style="text-align:right">c</th></tr>
    </thead>
    <tbody>
    <tr><td style="text-align:left">1</td><td style="text-align:center">&amp;</td><td style="text-align:right">x</td></tr>
    </tbody>
    </table>
    "#);
}

#[test]
fn showata_shows_the_same_html() {
    use showata::Showable;
    let figure = curves().draw();
    let content = figure.to_content_info().unwrap();
    assert_eq!((content.mime_type.as_str(), content.content), ("text/html", figure.html()));
}
