//! As much of a JSON Schema validator as the schema of a record needs.

use serde_json::Value;

/// Says what is wrong with `value`; a word of the schema that is not known here is wrong, too.
pub(super) fn check(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let words = match schema {
        Value::Bool(true) => return Ok(()),
        Value::Object(words) => words,
        _ => return Err(format!("{value} is not allowed")),
    };
    let wrong = |word: &str| Err(format!("{value} is against `{word}`: {}", schema[word]));
    for (word, rule) in words {
        let holds = match word.as_str() {
            "$schema" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let place = rule.as_str().unwrap().strip_prefix('#').unwrap();
                check(root, root.pointer(place).expect(place), value)?;
                true
            }
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "type" => match rule.as_str().unwrap() {
                "string" => value.is_string(),
                "integer" => value.is_i64() || value.is_u64(),
                "object" => value.is_object(),
                "array" => value.is_array(),
                "null" => value.is_null(),
                other => return Err(format!("type `{other}` is not known")),
            },
            "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
            "maximum" => value.as_i64().is_none_or(|number| number <= rule.as_i64().unwrap()),
            "pattern" => value.as_str().is_none_or(|text| {
                regex::Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)
            }),
            "required" => value.as_object().is_none_or(|fields| {
                rule.as_array()
                    .unwrap()
                    .iter()
                    .all(|name| fields.contains_key(name.as_str().unwrap()))
            }),
            "properties" => {
                for (name, field) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = rule.get(name) {
                        check(root, schema, field).map_err(|error| format!("{name}: {error}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(rule, false);
                value.as_object().is_none_or(|fields| {
                    fields.keys().all(|name| schema["properties"].get(name).is_some())
                })
            }
            "prefixItems" => {
                let items = value.as_array().into_iter().flatten();
                for (item, schema) in items.zip(rule.as_array().unwrap()) {
                    check(root, schema, item)?;
                }
                true
            }
            "items" => {
                let first = schema["prefixItems"].as_array().map_or(0, Vec::len);
                for item in value.as_array().into_iter().flatten().skip(first) {
                    check(root, rule, item)?;
                }
                true
            }
            "minItems" => {
                value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap())
            }
            "oneOf" => {
                let choices = rule.as_array().unwrap().iter();
                choices.filter(|choice| check(root, choice, value).is_ok()).count() == 1
            }
            other => return Err(format!("the schema says `{other}`, which is not known here")),
        };
        if !holds {
            return wrong(word);
        }
    }
    Ok(())
}
