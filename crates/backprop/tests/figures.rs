//! The figures as a notebook gets them: words, HTML, protocol, pixels, and data that do not fit.

#[path = "figures/exploration.rs"]
mod exploration;
#[path = "figures/grids.rs"]
mod grids;
#[path = "figures/networks.rs"]
mod networks;
#[path = "figures/text.rs"]
mod text;

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
