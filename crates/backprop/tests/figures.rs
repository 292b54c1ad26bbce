//! The figures as a notebook gets them: words, HTML, protocol, pixels, and data that do not fit.

use backprop::view::{Bars, Curves, Figure, HeatMap, ImageGrid, PixelNumbers, Table};
use base64::prelude::{BASE64_STANDARD, Engine};

const SIGMOID: [f64; 5] = [1.322, 0.512, 0.401, 0.25, 0.213];

fn curves() -> Curves {
    Curves::new("Running loss").x("epoch").y("running loss (nats)").series("sigmoid", &SIGMOID)
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
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
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
        Bars::new("", &[]).draw(),
        Bars::new("", &["a", "b"]).series("one", &[1.0]).draw(),
        HeatMap::new("", &[1.0, 2.0, 3.0], 2, 2).draw(),
        HeatMap::new("", &[1.0, 2.0], 1, 2).row_names(&["a", "b"]).draw(),
        HeatMap::confusion("", &[1, 2, 3], &["a", "b"]).draw(),
        ImageGrid::new("", &[], 28, 28).draw(),
        ImageGrid::new("", &[0; 783], 28, 28).draw(),
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
        Bars::new("", &["a", "b"]).series("", &[f64::NAN, f64::INFINITY]).draw(),
        Bars::new("", &["a"]).series("", &[0.0]).draw(),
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
        ImageGrid::new("", &digits[..100 * 784], 28, 28).draw(),
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
