//! Words for spans of time: units, and what a number of them is labelled with.

/// Units that stand behind a number.
const UNITS: [&str; 42] = [
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "sekunde",
    "sekunden",
    "ms",
    "msec",
    "msecs",
    "millis",
    "millisecond",
    "milliseconds",
    "millisekunden",
    "µs",
    "μs",
    "us",
    "usec",
    "usecs",
    "micros",
    "microsecond",
    "microseconds",
    "mikrosekunden",
    "ns",
    "nsec",
    "nsecs",
    "nanos",
    "nanosecond",
    "nanoseconds",
    "nanosekunden",
    "min",
    "mins",
    "minute",
    "minutes",
    "minuten",
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
    "stunde",
    "stunden",
];
/// One of length as well: of time where another one stands behind it, as in `1m30s`.
const MINUTES: &str = "m";
/// Words that say of a number that it is a time, beside the units.
const NAMES: [&str; 12] = [
    "time", "runtime", "walltime", "elapsed", "duration", "took", "taken", "eta", "latency",
    "zeit", "dauer", "laufzeit",
];
/// Words beside `time` that make it a number of something else.
const COUNTS: [&str; 5] = ["step", "steps", "series", "point", "points"];

/// Whether a word is a unit of time; those of one letter are small ones.
pub fn is_unit(word: &str) -> bool {
    UNITS.contains(&word) || (word.len() > 1 && UNITS.contains(&word.to_lowercase().as_str()))
}

/// Gives how many bytes of what follows a number make it a time: of `s,` one, of `m30s` all.
pub fn unit_length(text: &str) -> Option<usize> {
    let letters = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (unit, rest) = text.split_at(letters);
    let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let next = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        unit_length(&rest[digits..]).map(|length| letters + digits + length)
    } else {
        None
    };
    let goes_on = rest.starts_with(|c: char| c.is_ascii_digit() || c == '_');
    match (is_unit(unit), unit == MINUTES, next) {
        (true, _, None) if !goes_on => Some(letters),
        (true, _, next) | (_, true, next) => next,
        _ => None,
    }
}

/// Whether a word tells how many of something there are in a time, as `images/s`.
pub fn is_rate(word: &str) -> bool {
    word.rsplit_once('/').is_some_and(|(_, unit)| is_unit(unit))
}

/// Whether a name is that of a time, such as `time`, `elapsed_ms` or `tv_sec`. Units of one letter, and
/// `min`, are names of other things as well.
pub fn names_time(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let is_name = |word: &str| {
        NAMES.contains(&word) || (word.chars().count() > 1 && is_unit(word) && word != "min")
    };
    words.clone().any(is_name) && !words.any(|word| COUNTS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_known_behind_its_number() {
        for (text, expected) in [
            ("s", Some(1)),
            ("ms,", Some(2)),
            ("µs)", Some(3)),
            ("m30s", Some(4)),
            ("h2m3.5s.", Some(7)),
            ("s/epoch", Some(1)),
            ("m", None),
            ("m2", None),
            ("epochs", None),
            ("s_max", None),
            ("s3", None),
            ("", None),
        ] {
            assert_eq!(unit_length(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_says_that_its_number_is_a_time() {
        for name in
            ["time", "Elapsed", "wall_time", "elapsed_ms", "tv_nsec", "\"seconds\"", "Dauer"]
        {
            assert!(names_time(name), "{name}");
        }
        for name in ["loss", "min", "s", "h", "time_step", "times", "timid", "epoch", ""] {
            assert!(!names_time(name), "{name}");
        }
    }
}
