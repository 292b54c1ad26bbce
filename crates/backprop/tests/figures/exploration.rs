//! A training to step through.

use super::*;

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
