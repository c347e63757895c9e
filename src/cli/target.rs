//! Which topic a console program's `--topic` means: a path, or a plain name and an address.

use std::net::IpAddr;

use crate::path::{StreamPath, Target, TopicName, is_stream_path};

use super::failure::{Exit, Failure};

/// The stream that plain names at a loopback address belong to.
pub(crate) const KAFKA_STREAM: &str = "/kafka";

/// A topic, and whether its stream is made when it is first used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    /// The stream and the topic.
    pub(crate) target: Target,
    /// The stream is [`KAFKA_STREAM`], which nobody has to create.
    pub(crate) makes_stream: bool,
}

/// Finds out which topic is meant. `address` is what `--bootstrap-server` or `--broker-list` says,
/// `default_stream` what the environment says; a path needs neither, and no address is looked at.
///
/// # Errors
///
/// A name or an address that is none (exit 2), or an address of another machine (exit 1): nothing
/// is ever written locally for it.
pub(crate) fn resolve(
    topic: &str,
    address: Option<&str>,
    default_stream: Option<&str>,
) -> Result<Destination, Failure> {
    let usage = |error| Failure::new(Exit::Usage, anyhow::Error::new(error));
    if is_stream_path(topic) {
        let target = Target::parse(topic)
            .map_err(usage)
            .map_err(|failure| failure.with_hint("name it as --topic /stream:topic"))?;
        return Ok(Destination { target, makes_stream: false });
    }
    let name = TopicName::parse(topic)
        .map_err(usage)
        .map_err(|failure| failure.with_hint("name it as --topic /stream:topic"))?;
    let (stream, makes_stream) = stream_of_names(topic, address, default_stream)?;
    Ok(Destination { target: Target { stream, topic: name }, makes_stream })
}

/// Finds the stream that topics named without a path belong to, and whether it is made when it is
/// first used. `topic` is how they are named.
///
/// # Errors
///
/// As [`resolve`].
pub(crate) fn stream_of_names(
    topic: &str,
    address: Option<&str>,
    default_stream: Option<&str>,
) -> Result<(StreamPath, bool), Failure> {
    if let Some(address) = address {
        check_address(address)?;
    }
    if let Some(stream) = default_stream {
        let stream = StreamPath::parse(stream).map_err(|error| {
            let error = anyhow::Error::new(error).context("STREAMPATH_DEFAULT_STREAM is no stream");
            Failure::new(Exit::Usage, error)
        })?;
        return Ok((stream, false));
    }
    if let Some(address) = address.filter(|address| !is_loopback(address)) {
        let text = format!(
            "topic `{topic}` is on a Kafka cluster at `{address}`, and clusters cannot be reached \
             yet; nothing is stored here for another machine"
        );
        return Err(Failure::message(Exit::Failed, text)
            .with_hint(format!("use a stream: --topic /stream:{topic}")));
    }
    let stream = StreamPath::parse(KAFKA_STREAM)
        .map_err(|error| Failure::new(Exit::Usage, anyhow::Error::new(error)))?;
    Ok((stream, true))
}

/// Checks an address as Kafka's tools do.
fn check_address(address: &str) -> Result<(), Failure> {
    let hint = "name a server as localhost:9092, or the topic as /stream:topic, which needs none";
    if address.is_empty() {
        return Err(Failure::usage("Error while validating the bootstrap address").with_hint(hint));
    }
    if address.split(',').all(is_host_and_port) {
        return Ok(());
    }
    Err(Failure::usage("Please provide valid host:port like host1:9091,host2:9092").with_hint(hint))
}

fn is_host_and_port(entry: &str) -> bool {
    let Some((host, port)) = host_of(entry).rsplit_once(':') else { return false };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-%._:".contains(&byte);
    !host.is_empty()
        && host.bytes().all(is_allowed)
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns an entry without the protocol in front of it.
fn host_of(entry: &str) -> &str {
    entry.split_once("://").map_or(entry, |(_, rest)| rest)
}

/// True if each entry of an address is this machine.
fn is_loopback(address: &str) -> bool {
    address.split(',').all(|entry| {
        let entry = host_of(entry);
        let host = entry.rsplit_once(':').map_or(entry, |(host, _)| host);
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::{Destination, resolve};
    use crate::cli::failure::Exit;

    fn name(destination: &Destination) -> String {
        destination.target.to_string()
    }

    #[test]
    fn a_path_needs_no_address_and_looks_at_none() {
        for address in [None, Some("this.will.be.ignored:9092"), Some("any thing"), Some("")] {
            let found = resolve("/s:t", address, Some("/other")).unwrap();
            assert_eq!((name(&found).as_str(), found.makes_stream), ("/s:t", false));
        }
    }

    #[test]
    fn a_plain_name_goes_to_the_default_stream_then_to_kafka_if_local() {
        let found = resolve("t", Some("far.example:9092"), Some("/d")).unwrap();
        assert_eq!((name(&found).as_str(), found.makes_stream), ("/d:t", false));
        for address in [
            None,
            Some("localhost:9092"),
            Some("127.0.0.1:9092,127.1.2.3:1"),
            Some("[::1]:9092"),
            Some("PLAINTEXT://localhost:9092"),
        ] {
            let found = resolve("t", address, None).unwrap();
            assert_eq!((name(&found).as_str(), found.makes_stream), ("/kafka:t", true));
        }
    }

    #[test]
    fn nothing_is_local_for_a_remote_address() {
        for address in ["far.example:9092", "localhost:9092,10.0.0.1:9092", "127.0.0.1.evil:1"] {
            assert_eq!(resolve("t", Some(address), None).unwrap_err().exit, Exit::Failed);
        }
    }

    #[test]
    fn names_and_addresses_that_are_none() {
        let text = |topic, address| resolve(topic, address, None).unwrap_err();
        for (topic, address, part) in [
            ("/s", None, "names no topic"),
            ("s:t", None, "`:` as character 2"),
            ("“t”", None, "quote"),
            ("t", Some(""), "Error while validating the bootstrap address"),
            ("t", Some("localhost"), "Please provide valid host:port"),
            ("t", Some("localhost:x"), "Please provide valid host:port"),
        ] {
            let failure = text(topic, address);
            assert_eq!(failure.exit, Exit::Usage, "{topic}");
            assert!(failure.to_string().contains(part), "{topic}: {failure}");
        }
        assert!(resolve("t", None, Some("d")).unwrap_err().to_string().starts_with("STREAMPATH_D"));
    }
}
