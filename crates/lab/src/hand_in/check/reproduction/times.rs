//! Leaves out of a text the times that a run took, which no run gives again.

use super::clock;
use super::numbers::{Piece, pieces};
use super::units::{is_rate, is_unit, names_time, unit_length};

/// Stands where a time stood.
pub const TIME: &str = "⏱";
/// Between two numbers of which both are times if the second is.
const BETWEEN: [&str; 6] = ["±", "+/-", "to", "–", "-", ".."];
/// Between two parts of one time.
const AND: [&str; 2] = ["and", "und"];
/// Behind a number and before a unit: so many in a time.
const PER: [&str; 7] = ["per", "pro", "/", "a", "an", "each", "every"];
/// Before `a second`, they make it a time of its own.
const PREPOSITIONS: [&str; 7] = ["in", "after", "within", "for", "about", "than", "under"];
/// So many words may stand between a number and what it is per.
const NOUNS: usize = 2;
/// Behind the name of a time they lead on to its number: `time per epoch: 3`.
const OF: [&str; 5] = ["per", "for", "of", "to", "in"];
/// So many words may stand between the name of a time and its number.
const LABEL: usize = 4;
/// Words behind which a time stands without a colon, if it is a number of nothing else.
const VERBS: [&str; 5] = ["took", "takes", "taken", "taking", "elapsed"];

/// A word of a text.
#[derive(Clone, Debug)]
pub struct Word {
    /// As it stands there.
    pub text: String,
    /// With [`TIME`] in the place of times.
    pub compared: String,
    ends_line: bool,
}

/// Gives the words of a text, times made alike.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = text.lines().flat_map(line).collect();
    for at in 0..words.len() {
        if is_time(&words, at) {
            hide_number(&mut words[at]);
        }
    }
    for at in (0..words.len().saturating_sub(2)).rev() {
        let is_between = BETWEEN.contains(&words[at + 1].text.as_str());
        if is_between && words[at + 2].compared.starts_with(TIME) {
            hide_number(&mut words[at]);
        }
    }
    hide_minutes(&mut words);
    joined(words)
}

/// Hides `2m` where seconds stand behind it; else it may be a length.
fn hide_minutes(words: &mut [Word]) {
    for at in (1..words.len()).rev() {
        let is_before_time = words[at].compared.starts_with(TIME);
        let is_minutes =
            matches!(pieces(&words[at - 1].compared)[..], [Piece::Number(..), Piece::Text("m")]);
        if is_before_time && is_minutes {
            words[at - 1].compared = TIME.to_owned();
        }
    }
}

fn line(text: &str) -> impl Iterator<Item = Word> {
    let count = text.split_whitespace().count();
    text.split_whitespace().enumerate().map(move |(at, word)| Word {
        text: word.to_owned(),
        compared: without_times(word),
        ends_line: at + 1 == count,
    })
}

/// A word without the punctuation around it.
pub fn bare(word: &str) -> &str {
    word.trim_matches([
        '(', ')', '[', ']', '{', '}', ',', ';', '.', ':', '=', '…', '"', '\'', '`', '!',
    ])
}

/// Hides times that a word shows by itself: clocks, `5ms`, `elapsed=5`, `PT3S`.
fn without_times(word: &str) -> String {
    let word = without_clocks(word);
    if let Some(rest) = bare(&word).strip_prefix("PT")
        && unit_length(&format!("h{}", rest.to_lowercase())).is_some()
    {
        return TIME.to_owned();
    }
    let parts = pieces(&word);
    let mut hidden: Vec<String> = Vec::new();
    let mut skipped = 0;
    for (at, part) in parts.iter().enumerate() {
        let next = match parts.get(at + 1) {
            Some(Piece::Text(text)) => text,
            _ => "",
        };
        match part {
            Piece::Text(text) => hidden.push(text[std::mem::take(&mut skipped)..].to_owned()),
            Piece::Number(_, text) => {
                let unit = unit_length(next);
                skipped = unit.unwrap_or(0);
                let labelled = hidden.last().is_some_and(|before| is_label_of_time(before));
                let is_time = unit.is_some() || labelled || is_rate(bare(next));
                if is_time {
                    hide_range(&mut hidden);
                }
                hidden.push(if is_time { TIME.to_owned() } else { (*text).to_owned() });
            }
        }
    }
    hidden.concat()
}

/// Hides the first number of `0.3±0.1s`, whose second is a time.
fn hide_range(hidden: &mut [String]) {
    if let [.., number, between] = &mut hidden[..]
        && BETWEEN.contains(&between.as_str())
        && matches!(pieces(number)[..], [Piece::Number(..)])
    {
        *number = TIME.to_owned();
    }
}

fn without_clocks(word: &str) -> String {
    let (mut hidden, mut at) = (String::new(), 0);
    while let Some(next) = word[at..].chars().next() {
        match clock::length(&word[at..], word[..at].chars().next_back()) {
            Some(length) => {
                hidden.push_str(TIME);
                at += length;
            }
            None => {
                hidden.push(next);
                at += next.len_utf8();
            }
        }
    }
    hidden
}

/// Whether a text ends in the name of a time and a colon or an equals sign.
fn is_label_of_time(text: &str) -> bool {
    let Some(name) = text.trim_end_matches(['"', '\'']).strip_suffix([':', '=']) else {
        return false;
    };
    let name = name.trim_end_matches(['"', '\'', ' ']);
    let start = name.rfind(|c: char| !(c.is_alphanumeric() || "_-".contains(c)));
    names_time(start.map_or(name, |start| &name[start..]))
}

/// Whether the words around a number make it a time.
fn is_time(words: &[Word], at: usize) -> bool {
    let parts = pieces(&words[at].compared);
    let begins = parts.iter().position(|part| matches!(part, Piece::Number(..)));
    let ends = matches!(parts.last(), Some(Piece::Number(..)));
    let is_first = begins.is_some_and(|place| place <= 1);
    (ends && is_before_unit(words, at)) || (is_first && is_behind_label(words, at))
}

fn is_before_unit(words: &[Word], at: usize) -> bool {
    let Some(next) = words.get(at + 1) else { return false };
    if unit_length(bare(&next.text)).is_some() {
        return !(bare(&next.text) == "min" && has_value(words, at + 1));
    }
    for place in at + 1..=at + 1 + NOUNS {
        let Some(word) = words.get(place) else { return false };
        let text = word.text.as_str();
        if is_rate(bare(text)) {
            return true;
        }
        let is_of_its_own = PREPOSITIONS.contains(&words[place - 1].text.as_str());
        let unit = words.get(place + 1).is_some_and(|word| is_unit(bare(&word.text)));
        if PER.contains(&text) && unit {
            return !is_of_its_own;
        }
        if text.ends_with([',', ';', '.', ':', ')']) || starts_with_number(text) {
            return false;
        }
    }
    false
}

/// Whether a `min` is the lowest of something: a number stands behind it, and no unit behind that.
fn has_value(words: &[Word], at: usize) -> bool {
    let is_label = words[at].text.ends_with([':', '=']);
    let number = words.get(at + 1).is_some_and(|word| starts_with_number(&word.text));
    let unit = |word: &Word| unit_length(bare(&word.text)).is_some();
    let is_time = words.get(at + 1).is_some_and(|word| word.compared.contains(TIME))
        || words.get(at + 2).is_some_and(unit);
    is_label || (number && !is_time)
}

fn is_behind_label(words: &[Word], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |place| words[place].text.as_str());
    if is_label(before(1)) {
        let alone = bare(before(1)).is_empty();
        let label = if alone { 2 } else { 1 };
        return ends_name_of_time(before(label))
            || at.checked_sub(label).is_some_and(|label| is_phrase_of_time(words, label));
    }
    let is_verb = ["is", "was"].contains(&before(1)) && names_time(bare(before(2)));
    is_verb || (VERBS.contains(&bare(before(1)).to_lowercase().as_str()) && is_alone(&words[at]))
}

fn is_label(word: &str) -> bool {
    word.ends_with([':', '='])
}

/// Whether a word is the name of a time, or a unit in brackets as in `t (s):`.
fn ends_name_of_time(word: &str) -> bool {
    let name = bare(word);
    names_time(name) || (word.starts_with(['(', '[']) && is_unit(name))
}

/// Whether the words up to a label say of what it is the time: `seconds per epoch:`.
fn is_phrase_of_time(words: &[Word], label: usize) -> bool {
    let first = label.saturating_sub(LABEL);
    let phrase = words[first..=label].windows(2);
    let names = |pair: &[Word]| names_time(&pair[0].text) && OF.contains(&pair[1].text.as_str());
    let goes_on =
        |pair: &&[Word]| !(pair[0].ends_line || pair[0].text.ends_with([',', ';', '.', ':']));
    phrase.rev().take_while(goes_on).any(names)
}

/// Whether a number is one of nothing that is named behind it: it ends its line or sentence, or has a fraction.
fn is_alone(word: &Word) -> bool {
    word.ends_line || word.text.ends_with([',', ';', '.', ')', '!']) || word.text.contains('.')
}

fn starts_with_number(word: &str) -> bool {
    matches!(pieces(bare(word)).first(), Some(Piece::Number(..)))
}

/// Hides the numbers of a word.
fn hide_number(word: &mut Word) {
    let hide = |part: &Piece| match part {
        Piece::Number(..) => TIME.to_owned(),
        Piece::Text(text) => (*text).to_owned(),
    };
    word.compared = pieces(&word.compared).iter().map(hide).collect();
}

/// Makes one word of a time and its unit, and of times in a row: what took 59 s may take 1 min 3 s.
fn joined(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::new();
    for word in words {
        let is_time = bare(&word.compared) == TIME;
        if let [.., before, and] = &joined[..]
            && AND.contains(&and.text.as_str())
            && bare(&before.compared) == TIME
            && is_time
        {
            joined.pop();
        }
        let unit = unit_length(&word.text).filter(|_| !word.compared.contains(TIME));
        match &mut joined[..] {
            [.., before] if before.compared.ends_with(TIME) && unit.is_some() => {
                before.compared += &word.text[unit.unwrap_or(0)..];
                take(before, &word);
            }
            [.., before] if bare(&before.compared) == TIME && is_time => {
                let end = before.compared.find(TIME).unwrap_or(0);
                before.compared.truncate(end);
                before.compared += word.compared.trim_start_matches(['(', '[', '{']);
                take(before, &word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

fn take(before: &mut Word, word: &Word) {
    before.text = format!("{} {}", before.text, word.text);
    before.ends_line = word.ends_line;
}
