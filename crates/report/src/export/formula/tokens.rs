//! The commands, groups and characters that a formula consists of.

/// Takes the next command or character.
pub fn take_token<'a>(rest: &mut &'a str) -> &'a str {
    let mut characters = rest.char_indices();
    let first = characters.next().map_or(' ', |(_, first)| first);
    let is_letter = |(_, next): &(usize, char)| next.is_ascii_alphabetic();
    let end = match first {
        '\\' => match characters.next() {
            Some(next) if is_letter(&next) => {
                characters.find(|next| !is_letter(next)).map_or(rest.len(), |(end, _)| end)
            }
            Some((at, next)) => at + next.len_utf8(),
            None => rest.len(),
        },
        _ => first.len_utf8().min(rest.len()),
    };
    let (token, after) = rest.split_at(end);
    *rest = after;
    token
}

/// Takes a group in braces, as it is.
pub fn take_group<'a>(rest: &mut &'a str) -> &'a str {
    let mut depth = 0;
    let mut escaped = false;
    for (at, next) in rest.char_indices() {
        if !escaped {
            depth += i32::from(next == '{') - i32::from(next == '}');
        }
        if depth == 0 && next == '}' && !escaped {
            let (group, after) = rest.split_at(at + 1);
            *rest = after;
            return group;
        }
        escaped = next == '\\' && !escaped;
    }
    std::mem::take(rest)
}

/// Takes what a command is applied to: a group without its braces, a command or a character.
pub fn take_argument<'a>(rest: &mut &'a str) -> Option<&'a str> {
    *rest = rest.trim_start();
    if !rest.starts_with('{') {
        return (!rest.is_empty()).then(|| take_token(rest));
    }
    take_group(rest).strip_prefix('{')?.strip_suffix('}')
}

/// Takes an argument in square brackets, where there is one.
pub fn take_option<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let inner = rest.trim_start().strip_prefix('[')?;
    let (option, after) = inner.split_once(']')?;
    *rest = after;
    Some(option)
}
