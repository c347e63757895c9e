//! Reads MapR's grammar of access control expressions: `!` before `&` before `|`.

// top  = "" | "p" | any
// any  = all {"|" all}
// all  = one {"&" one}
// one  = "!" one | "(" any ")" | atom

use std::str::FromStr;

use crate::path::limits::ACE_BYTES_MAX;

use super::error::{ExpressionError, Fault};
use super::expression::{
    Atom, Expression, LEVELS_MAX, NUMERIC_ID_MAX, Node, Subject, Tree, is_name_char, is_number,
};

type Result<T> = std::result::Result<T, ExpressionError>;

impl FromStr for Expression {
    type Err = ExpressionError;

    /// Reads an expression; blanks, tabs and line ends may stand between its words.
    ///
    /// # Errors
    /// The first fault, with its place, and what to write instead where that is plain.
    fn from_str(text: &str) -> Result<Self> {
        if text.len() > ACE_BYTES_MAX {
            let fault = Fault::TooLong { bytes: text.len() };
            return Err(ExpressionError { place: 1, word: String::new(), fault, suggestion: None });
        }
        match text.trim_ascii() {
            "" => return Ok(Self(Tree::Nobody)),
            "p" => return Ok(Self(Tree::Public)),
            _ => {}
        }
        let mut parser = Parser { text, at: 0, levels: 0 };
        let node = parser.any()?;
        match parser.peek() {
            Token::End => {}
            Token::Sign(')') => return Err(parser.error(Fault::Unopened, ")", None)),
            found => return Err(parser.no_operator(found)),
        }
        // Mixed operators make levels that the text shows no parentheses for.
        if node.levels() > LEVELS_MAX {
            parser.at = 0;
            let first = parser.peek().text();
            return Err(parser.error(Fault::TooDeep, first, None));
        }
        Ok(Self(Tree::Of(node)))
    }
}

/// What comes next in the text.
#[derive(Clone, Copy)]
enum Token<'a> {
    /// One of `!&|()`.
    Sign(char),
    /// Anything else up to a blank or a sign; never empty.
    Word(&'a str),
    End,
}

impl<'a> Token<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::Sign('!') => "!",
            Self::Sign('&') => "&",
            Self::Sign('|') => "|",
            Self::Sign('(') => "(",
            Self::Sign(_) => ")",
            Self::Word(word) => word,
            Self::End => "",
        }
    }
}

fn is_sign(character: char) -> bool {
    matches!(character, '!' | '&' | '|' | '(' | ')')
}

struct Parser<'a> {
    text: &'a str,
    /// Byte of `text` that is read next.
    at: usize,
    /// `!` and `(` that are being read.
    levels: usize,
}

impl<'a> Parser<'a> {
    /// Steps over blanks and returns what follows, without stepping over that.
    fn peek(&mut self) -> Token<'a> {
        let rest = self.text[self.at..].trim_ascii_start();
        self.at = self.text.len() - rest.len();
        match rest.chars().next() {
            None => Token::End,
            Some(sign) if is_sign(sign) => Token::Sign(sign),
            Some(_) => {
                let ends = |c: char| c.is_ascii_whitespace() || is_sign(c);
                Token::Word(&rest[..rest.find(ends).unwrap_or(rest.len())])
            }
        }
    }

    /// Steps over `sign` if it comes next.
    fn eat(&mut self, sign: char) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if found == sign);
        if found {
            self.at += 1;
        }
        found
    }

    fn any(&mut self) -> Result<Node> {
        let mut terms = vec![self.all()?];
        while self.eat('|') {
            self.refuse_doubled('|')?;
            terms.push(self.all()?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Node::Any(terms) })
    }

    fn all(&mut self) -> Result<Node> {
        let mut terms = vec![self.one()?];
        while self.eat('&') {
            self.refuse_doubled('&')?;
            terms.push(self.one()?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Node::All(terms) })
    }

    fn one(&mut self) -> Result<Node> {
        let token = self.peek();
        match token {
            Token::Word(word) => {
                let node = self.atom(word)?;
                self.at += word.len();
                Ok(node)
            }
            Token::Sign('!') => {
                self.enter(token)?;
                let inner = self.one()?;
                self.levels -= 1;
                Ok(Node::Not(Box::new(inner)))
            }
            Token::Sign('(') => {
                let opened = self.at;
                self.enter(token)?;
                let inner = self.any()?;
                if !self.eat(')') {
                    return Err(match self.peek() {
                        Token::End => {
                            self.at = opened;
                            self.error(Fault::Unclosed, "(", None)
                        }
                        found => self.no_operator(found),
                    });
                }
                self.levels -= 1;
                Ok(inner)
            }
            Token::Sign(_) | Token::End => Err(self.error(Fault::NoOperand, token.text(), None)),
        }
    }

    /// Steps over `!` or `(`.
    fn enter(&mut self, token: Token<'_>) -> Result<()> {
        if self.levels == LEVELS_MAX {
            return Err(self.error(Fault::TooDeep, token.text(), None));
        }
        self.levels += 1;
        self.at += 1;
        Ok(())
    }

    fn refuse_doubled(&mut self, operator: char) -> Result<()> {
        if !self.text[self.at..].starts_with(operator) {
            return Ok(());
        }
        self.at -= 1;
        let word = [operator; 2].iter().collect::<String>();
        Err(self.error(Fault::DoubledOperator, &word, Some(operator.to_string())))
    }

    /// The word at `self.at` as an atom.
    fn atom(&self, word: &str) -> Result<Node> {
        match read_atom(word) {
            Ok(atom) => Ok(Node::Atom(atom)),
            Err(Fault::NoPrefix) if word == "p" => {
                // Or-ed with anything, everybody stays everybody.
                let all = !self.text.contains(['&', '!']);
                Err(self.error(Fault::PublicNotAlone, word, all.then(|| "p".to_owned())))
            }
            Err(fault) => Err(self.error(fault, word, self.meant(word, fault))),
        }
    }

    /// The fault of a term or `(` that follows another term.
    fn no_operator(&self, found: Token<'_>) -> ExpressionError {
        let word = found.text();
        let suggestion = match word.to_ascii_lowercase().as_str() {
            "or" => Some("|".to_owned()),
            "and" => Some("&".to_owned()),
            _ => None,
        };
        self.error(Fault::NoOperator, word, suggestion)
    }

    /// What was plainly meant by a word that is no atom.
    fn meant(&self, word: &str, fault: Fault) -> Option<String> {
        let lower = word.to_ascii_lowercase();
        match (lower.as_str(), fault) {
            ("not", Fault::NoPrefix) => return Some("!".to_owned()),
            ("none", Fault::NoPrefix) => return None,
            ("public" | "everyone" | "everybody" | "anyone" | "all" | "p", Fault::NoPrefix)
            | ("*" | "u:*", _) => {
                return (self.text.trim_ascii() == word).then(|| "p".to_owned());
            }
            (_, Fault::NoName) => {
                let next = self.text[self.at + word.len()..].trim_ascii_start();
                let next = next.split(|c: char| c.is_ascii_whitespace() || is_sign(c)).next()?;
                let joined = format!("{word}{next}");
                return read_atom(&joined).is_ok().then_some(joined);
            }
            // Most are users; that it may be a group stands in the message.
            (_, Fault::NoPrefix) => return Some(format!("u:{word}")),
            _ => {}
        }
        let stripped = word.trim_matches(|c: char| !is_name_char(c));
        let (prefix, name) = stripped.split_once(':')?;
        let prefix = match prefix.to_lowercase().as_str() {
            "u" | "user" | "uid" => "u",
            "g" | "group" | "gid" => "g",
            "r" | "role" => "r",
            _ => return None,
        };
        // Lists as `setfacl` and others take them: `u:a,u:b` or `u:a,b`.
        let parts = name.split([',', ';']).map(|part| match part.split_once(':') {
            Some(_) => part.to_owned(),
            None => format!("{prefix}:{part}"),
        });
        let parts: Vec<String> = parts.collect();
        parts.iter().all(|part| read_atom(part).is_ok()).then(|| parts.join(" | "))
    }

    /// A fault at `self.at`.
    fn error(&self, fault: Fault, word: &str, suggestion: Option<String>) -> ExpressionError {
        let place = self.text[..self.at].chars().count() + 1;
        ExpressionError { place, word: word.to_owned(), fault, suggestion }
    }
}

fn read_atom(word: &str) -> std::result::Result<Atom, Fault> {
    let Some((prefix, name)) = word.split_once(':') else {
        return Err(match word.chars().find(|character| !is_name_char(*character)) {
            Some(character) => Fault::Character { character },
            None => Fault::NoPrefix,
        });
    };
    if !matches!(prefix, "u" | "g" | "r") {
        return Err(match prefix.chars().find(|character| !is_name_char(*character)) {
            Some(character) => Fault::Character { character },
            None => Fault::Prefix,
        });
    }
    if let Some(character) = name.chars().find(|character| !is_name_char(*character)) {
        return Err(Fault::Character { character });
    }
    if name.is_empty() {
        return Err(Fault::NoName);
    }
    if prefix == "r" {
        return Ok(Atom::Role(name.to_owned()));
    }
    let subject = if is_number(name) {
        match name.parse() {
            Ok(id) if id <= NUMERIC_ID_MAX => Subject::Id(id),
            _ => return Err(Fault::IdTooLarge),
        }
    } else {
        Subject::Name(name.to_owned())
    };
    Ok(if prefix == "u" { Atom::User(subject) } else { Atom::Group(subject) })
}

#[cfg(test)]
mod tests;
