//! How Kafka's tools are configured: properties in files, in `name=value` pairs and by options.

mod effects;
mod java_properties;
mod pairs;
mod properties;
mod refusals;

pub(crate) use effects::{Effect, EffectTable, explained};
pub(crate) use effects::{NO_CODE, NO_METADATA, NO_METRICS, NO_NETWORK};
pub(crate) use pairs::{EmptyValues, one_spelling};
pub(crate) use properties::{Given, Properties};
pub(crate) use refusals::in_kafkas_words;
