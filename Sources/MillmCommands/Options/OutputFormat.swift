import ArgumentParser

/// How results are written.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// For people.
    case human
    /// For programs: one JSON value; a stream of them with `--watch`.
    case json
    /// GitHub Actions' workflow commands; `validate` alone.
    case github
    /// SARIF 2.1.0; `validate` alone.
    case sarif
}

/// When to write colours.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case auto, always, never
}
