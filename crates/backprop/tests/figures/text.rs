//! Texts within figures: what they say, and that none of them becomes markup.

use super::*;

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
