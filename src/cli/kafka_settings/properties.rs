//! Properties from a file, from pairs and from options, where the more explicit one counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Error;

use crate::cli::failure::{Exit, Failure};

use super::java_properties::parse_java;
use super::pairs::{EmptyValues, name_and_value};

/// Names and their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    values: BTreeMap<String, String>,
}

/// What the command line says about an option that stands for a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given<'a> {
    /// It is not there.
    Absent,
    /// It is there without the value that it may have.
    WithoutValue,
    /// It has this value.
    Value(&'a str),
}

impl Properties {
    /// Reads a Java properties file; `option` is what named it.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is malformed: exit 1, naming the option and the file.
    pub(crate) fn from_file(option: &str, path: &Path) -> Result<Self, Failure> {
        let wrong = |error: Error| {
            let context = format!("cannot read `{}` of --{option}", path.display());
            Failure::new(Exit::Failed, error.context(context))
        };
        let text = fs::read(path).map_err(|error| wrong(error.into()))?;
        let entries = parse_java(&text).map_err(|error| wrong(error.into()))?;
        Ok(Self { values: entries.into_iter().collect() })
    }

    /// Reads pairs `name=value`; the last of several with one name counts.
    ///
    /// # Errors
    ///
    /// A value is missing where that is not accepted: `Missing value for key a`, exit 2.
    pub(crate) fn from_pairs<'p>(
        pairs: impl IntoIterator<Item = &'p String>,
        empty: EmptyValues,
    ) -> Result<Self, Failure> {
        let mut properties = Self::default();
        for pair in pairs {
            let (name, value) = name_and_value(pair);
            if value.is_empty() && empty == EmptyValues::Refused {
                return Err(Failure::usage(format!("Missing value for key {name}")));
            }
            properties.set(name, value);
        }
        Ok(properties)
    }

    /// Returns a value.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Sets a value, whatever it was before.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// Takes over all of `more`, which counts more.
    pub(crate) fn override_with(&mut self, more: Self) {
        self.values.extend(more.values);
    }

    /// Merges the option that stands for property `name`: what was given explicitly beats the
    /// property, the property beats the option's `default`. An option that is given without value
    /// and has no default removes the property.
    pub(crate) fn merge_option(&mut self, name: &str, given: Given<'_>, default: Option<&str>) {
        let value = match given {
            Given::Absent if self.values.contains_key(name) => return,
            Given::Absent | Given::WithoutValue => default,
            Given::Value(value) => Some(value),
        };
        match value {
            Some(value) => self.set(name, value),
            None => drop(self.values.remove(name)),
        }
    }

    /// Returns names and values, ordered by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{EmptyValues, Given, Properties};
    use crate::cli::failure::Exit;

    fn pairs(pairs: &[&str], empty: EmptyValues) -> Result<Properties, String> {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        Properties::from_pairs(&pairs, empty).map_err(|failure| failure.to_string())
    }

    fn merged(property: Option<&str>, given: Given<'_>, default: Option<&str>) -> Option<String> {
        let mut properties = Properties::default();
        if let Some(value) = property {
            properties.set("p", value);
        }
        properties.merge_option("p", given, default);
        properties.get("p").map(str::to_owned)
    }

    #[test]
    fn section_4_pairs() {
        for pair in ["my.empty.property=", "my.empty.property"] {
            let missing = "Missing value for key my.empty.property";
            assert_eq!(pairs(&[pair], EmptyValues::Refused).unwrap_err(), missing, "4.1");
        }
        let both = pairs(&["my.empty.property=", "my.empty.property1"], EmptyValues::Accepted);
        let both = both.unwrap();
        assert_eq!(both.get("my.empty.property"), Some(""), "4.3");
        assert_eq!(both.get("my.empty.property1"), Some(""), "4.3");
        for empty in [EmptyValues::Accepted, EmptyValues::Refused] {
            let two = pairs(&["first.property=first", "second.property=second="], empty).unwrap();
            assert_eq!(two.get("first.property"), Some("first"), "4.5");
            assert_eq!(two.get("second.property"), Some("second="), "4.7");
        }
        let twice = pairs(&["a=1", "a=2"], EmptyValues::Accepted).unwrap();
        assert_eq!(twice.iter().collect::<Vec<_>>(), [("a", "2")]);
    }

    #[test]
    fn section_4_merging() {
        use Given::{Absent, Value, WithoutValue};
        let some = |text: &str| Some(text.to_owned());
        let value = Value("some-string");
        assert_eq!(merged(Some("existing"), value, Some("default")), some("some-string"), "4.9");
        assert_eq!(merged(Some("existing"), value, None), some("some-string"), "4.11");
        assert_eq!(merged(Some("300"), WithoutValue, Some("200")), some("200"), "4.13");
        assert_eq!(merged(Some("400"), WithoutValue, None), None, "4.15");
        for default in [Some("default"), None] {
            assert_eq!(merged(Some("existing"), Absent, default), some("existing"), "4.17");
        }
        assert_eq!(merged(None, Absent, Some("default")), some("default"));
        assert_eq!(merged(None, Absent, None), None);
        assert_eq!(merged(None, WithoutValue, None), None);
    }

    #[test]
    fn pairs_beat_the_file_and_a_bad_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p");
        std::fs::write(&path, "acks=1\nbatch.size : 16384\nacks=0\n").unwrap();
        let mut all = Properties::from_file("command-config", &path).unwrap();
        assert_eq!(all.get("acks"), Some("0"));
        all.override_with(pairs(&["acks=all"], EmptyValues::Accepted).unwrap());
        assert_eq!(
            all.iter().collect::<Vec<_>>(),
            [("acks", "all"), ("batch.size", "16384")],
            "3.19"
        );
        std::fs::write(&path, "a=1\nb=\\u1\n").unwrap();
        for path in [&*path, Path::new("/no/such/file")] {
            let failure = Properties::from_file("command-config", path).unwrap_err();
            assert_eq!(failure.exit, Exit::Failed);
            let start = format!("cannot read `{}` of --command-config: ", path.display());
            assert!(failure.to_string().starts_with(&start), "{failure}");
        }
    }
}
