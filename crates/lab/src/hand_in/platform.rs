//! The names that platforms give to what was handed in, and what they say.

/// What a name says of a hand-in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// Whose it is, where the name tells; with the platform's number, for two students may share a name.
    pub student: Option<String>,
    /// The file as its student named it; the whole name where the platform put nothing before it.
    pub file: String,
    /// Puts files of one student in the order in which they were handed in.
    pub order: Option<String>,
}

/// Reads the name of a file or of a folder.
///
/// | platform | as its archive of all hand-ins has it |
/// |---|---|
/// | Moodle | folders `Ada Lovelace_4711_assignsubmission_file_`, or the same before each file's name |
/// | Canvas | files `lovelaceada_4711_8150_small.ipynb`, late ones `lovelaceada_LATE_4711_8150_small.ipynb` |
/// | ILIAS | files `20260112093000_small.ipynb` in a folder for each student |
pub fn read(name: &str) -> Named {
    of_moodle(name).or_else(|| of_canvas(name)).unwrap_or_else(|| of_ilias(name))
}

fn of_moodle(name: &str) -> Option<Named> {
    let (student, rest) = name.split_once("_assignsubmission_")?;
    let student = match student.rsplit_once('_') {
        Some((name, number)) if is_number(number) => format!("{name} {number}"),
        _ => student.to_owned(),
    };
    let file = rest.split_once('_').map_or("", |(_, file)| file);
    Some(Named { student: Some(student), ..of_ilias(file) })
}

fn of_canvas(name: &str) -> Option<Named> {
    let (student, rest) = name.split_once('_')?;
    let rest = rest.strip_prefix("LATE_").unwrap_or(rest);
    let mut parts = rest.splitn(3, '_');
    let (number, submission, file) = (parts.next()?, parts.next()?, parts.next()?);
    let is_of_canvas = is_number(number) && is_number(submission) && !student.is_empty();
    let student = Some(format!("{student} {number}"));
    is_of_canvas.then(|| Named { student, file: file.to_owned(), order: None })
}

fn of_ilias(name: &str) -> Named {
    let plain = Named { file: name.to_owned(), ..Named::default() };
    match name.split_once('_') {
        Some((time, file)) if time.len() == 14 && is_number(time) => {
            Named { file: file.to_owned(), order: Some(time.to_owned()), ..plain }
        }
        _ => plain,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_platforms_tell_student_and_file() {
        let cases = [
            ("Ada Lovelace_4711_assignsubmission_file_", Some("Ada Lovelace 4711"), "", None),
            ("Ada Lovelace_4711_assignsubmission_file", Some("Ada Lovelace 4711"), "", None),
            ("Zoë M._12_assignsubmission_file_my_a.ipynb", Some("Zoë M. 12"), "my_a.ipynb", None),
            ("Ada Lovelace_4711_assignsubmission_onlinetext_", Some("Ada Lovelace 4711"), "", None),
            ("lovelaceada_4711_8150_small.ipynb", Some("lovelaceada 4711"), "small.ipynb", None),
            ("lovelaceada_LATE_4711_8150_a_b.ipynb", Some("lovelaceada 4711"), "a_b.ipynb", None),
            ("20260112093000_small.ipynb", None, "small.ipynb", Some("20260112093000")),
            ("small.ipynb", None, "small.ipynb", None),
            ("Lovelace_Ada_ada_4711", None, "Lovelace_Ada_ada_4711", None),
            ("11_report_2.ipynb", None, "11_report_2.ipynb", None),
            ("2026_small.ipynb", None, "2026_small.ipynb", None),
        ];
        for (name, student, file, order) in cases {
            let expected = Named {
                student: student.map(str::to_owned),
                file: file.to_owned(),
                order: order.map(str::to_owned),
            };
            assert_eq!(read(name), expected, "{name}");
        }
    }
}
