//! The stroke templates: how each digit is written by several hands.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The templates that ship with the crate, as text.
pub(super) const EMBEDDED: &str = include_str!("../../../../../../data/digits/strokes.json");

/// The side of the square in which templates are drawn; y points down.
pub(super) const SIDE: f64 = 1000.0;

/// All hands of all ten digits.
pub(super) struct Templates(Vec<Vec<Hand>>);

/// One way to write a digit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hand {
    /// What it looks like, for the reader of the file and of error messages.
    pub(super) name: String,
    /// How often it is drawn, in proportion to the other hands of the digit.
    share: u32,
    /// The strokes in the order of writing; between two of them the pen is lifted.
    pub(super) strokes: Vec<Vec<Knot>>,
}

/// A point through which the pen passes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Knot {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Whether the pen turns sharply here instead of passing smoothly.
    pub(super) corner: bool,
}

/// What is wrong with a file of stroke templates, and where.
#[derive(Debug, thiserror::Error)]
#[error("{place}: expected {expected}, found {found}")]
pub(crate) struct StrokesError {
    /// The digit and the hand, as far as they are known.
    place: String,
    expected: String,
    found: String,
}

impl Templates {
    /// Reads templates from the text of a `strokes.json`.
    ///
    /// # Errors
    ///
    /// [`StrokesError`] names the digit and the hand that are not as the file's README describes.
    pub(super) fn parse(text: &str) -> Result<Self, StrokesError> {
        let mut digits: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            broken("the file", "a JSON object with the keys \"0\" to \"9\"", error)
        })?;
        let hands = (0..10)
            .map(|digit| {
                let hands = digits.remove(&digit.to_string()).unwrap_or(Value::Null);
                parse_digit(&format!("digit {digit}"), hands)
            })
            .collect::<Result<_, _>>()?;
        match digits.keys().next() {
            None => Ok(Self(hands)),
            Some(key) => {
                Err(broken("the file", "only the keys \"0\" to \"9\"", format!("{key:?}")))
            }
        }
    }

    /// The hands that write `digit`, 0 to 9.
    pub(super) fn hands(&self, digit: usize) -> &[Hand] {
        &self.0[digit]
    }

    /// Picks a hand for `digit`; `chance` is a number from [0, 1).
    pub(super) fn pick(&self, digit: usize, chance: f64) -> &Hand {
        let hands = self.hands(digit);
        let total: u32 = hands.iter().map(|hand| hand.share).sum();
        let mut left = chance * f64::from(total);
        for hand in hands {
            left -= f64::from(hand.share);
            if left < 0.0 {
                return hand;
            }
        }
        unreachable!("chance is below 1, and the shares add up to the total")
    }
}

/// Reads the hands of one digit.
fn parse_digit(place: &str, value: Value) -> Result<Vec<Hand>, StrokesError> {
    const EXPECTED: &str = "a list of one hand or more";
    match value {
        Value::Array(hands) if !hands.is_empty() => hands
            .into_iter()
            .enumerate()
            .map(|(index, hand)| parse_hand(&format!("{place}, hand {}", index + 1), hand))
            .collect(),
        Value::Array(_) => Err(broken(place, EXPECTED, "an empty list")),
        Value::Null => Err(broken(place, EXPECTED, "nothing")),
        other => Err(broken(place, EXPECTED, other)),
    }
}

/// Reads one hand and checks that it can be drawn.
fn parse_hand(place: &str, value: Value) -> Result<Hand, StrokesError> {
    let hand: Hand = serde_json::from_value(value).map_err(|error| {
        broken(place, "{\"name\": text, \"share\": number, \"strokes\": [[[x, y], …], …]}", error)
    })?;
    let place = format!("{place} ({:?})", hand.name);
    if !(1..=1000).contains(&hand.share) {
        return Err(broken(&place, "a share from 1 to 1000", hand.share));
    }
    if hand.strokes.is_empty() {
        return Err(broken(&place, "one stroke or more", "none"));
    }
    for (index, stroke) in hand.strokes.iter().enumerate() {
        check_stroke(&format!("{place}, stroke {}", index + 1), stroke)?;
    }
    Ok(hand)
}

/// Checks that a stroke has a length, and that each part between two corners has one.
fn check_stroke(place: &str, stroke: &[Knot]) -> Result<(), StrokesError> {
    if stroke.len() < 2 {
        return Err(broken(place, "two points or more", stroke.len()));
    }
    match stroke.windows(2).find(|pair| pair[0].x == pair[1].x && pair[0].y == pair[1].y) {
        None => Ok(()),
        Some(pair) => {
            let twice = format!("[{}, {}] twice", pair[0].x, pair[0].y);
            Err(broken(place, "neighbouring points that differ", twice))
        }
    }
}

impl TryFrom<Value> for Knot {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let inside = |number: &Value| number.as_f64().filter(|n| (0.0..=SIDE).contains(n));
        let parts = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let knot = match parts {
            [x, y] => inside(x).zip(inside(y)).map(|(x, y)| Self { x, y, corner: false }),
            [x, y, word] if word == "corner" => {
                inside(x).zip(inside(y)).map(|(x, y)| Self { x, y, corner: true })
            }
            _ => None,
        };
        knot.ok_or_else(|| {
            format!(
                "{value} where a point [x, y] or [x, y, \"corner\"] belongs, x and y from 0 to 1000"
            )
        })
    }
}

/// Says what is wrong, where.
fn broken(place: &str, expected: &str, found: impl ToString) -> StrokesError {
    StrokesError {
        place: place.to_owned(),
        expected: expected.to_owned(),
        found: found.to_string(),
    }
}
