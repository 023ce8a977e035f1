package import YAML

/// Reads profiles from the bytes of files, in each of the formats that there are.
///
/// `validate`, the loader and the API all come through here, so that they give the same verdict.
package enum ProfileDecoder {
    /// Decodes a file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file. Whatever it holds, the cost is bounded; see ``Limits``.
    ///   - file: The file's name for the findings' locations.
    ///   - ignoresUnknownKeys: Whether keys that nobody knows are no more than warnings in miLLM's formats, whose
    ///     programs add to them.
    /// - Returns: The profile, or none and every finding, in the order of the text.
    package static func decode(
        _ bytes: [UInt8],
        file: String,
        ignoringUnknownKeys ignoresUnknownKeys: Bool = false
    ) -> DecodedProfile {
        decode(ParsedYAML(bytes), file: file, ignoringUnknownKeys: ignoresUnknownKeys)
    }

    /// Decodes a text that has been parsed.
    package static func decode(
        _ parsed: ParsedYAML,
        file: String,
        ignoringUnknownKeys ignoresUnknownKeys: Bool = false
    ) -> DecodedProfile {
        let findings = parsed.errors.map { $0.diagnostic(file: file) }
        guard let table = parsed.table else { return DecodedProfile(format: nil, profile: nil, diagnostics: findings) }
        guard case .mapping = table.rows[0].kind else {
            let finding = Diagnostic(
                .notAMapping,
                "a profile is a mapping of keys to values",
                at: SourceLocation(file: file, range: table.rows[0].range)
            )
            return refusal(findings, finding)
        }
        if let finding = ForeignDocument.finding(about: table, file: file) { return refusal(findings, finding) }
        let format = DecodedProfile.Format(of: table, guessing: !ignoresUnknownKeys)
        var reader = ProfileReader(table, file: file, format: format)
        reader.read(mappingAt: 0, as: .of(format))
        let acceptsUnknownKeys = ignoresUnknownKeys && format != .version1
        let isValid = findings.isEmpty && reader.isSound && (acceptsUnknownKeys || reader.unknownKeys.isEmpty)
        return DecodedProfile(
            format: format,
            profile: isValid ? reader.profile : nil,
            ranges: reader.ranges,
            diagnostics: isValid && reader.unknownKeys.isEmpty
                ? [] : merge(findings + reader.diagnostics, reader.unknownKeys, acceptsUnknownKeys: acceptsUnknownKeys)
        )
    }

    /// Of too many findings the first are kept, and errors before warnings. Validity does not go by what is kept.
    private static func merge(
        _ findings: [Diagnostic],
        _ unknownKeys: [Diagnostic],
        acceptsUnknownKeys: Bool
    ) -> [Diagnostic] {
        var warnings = acceptsUnknownKeys ? unknownKeys : []
        for index in warnings.indices { warnings[index].severity = .warning }
        let errors = (findings + (acceptsUnknownKeys ? [] : unknownKeys)).sorted { $0.isBefore($1) }
            .prefix(Limits.findings)
        return (errors + warnings.prefix(Limits.findings - errors.count)).sorted { $0.isBefore($1) }
    }

    /// What is known of a text that is no profile at all.
    private static func refusal(_ findings: [Diagnostic], _ last: Diagnostic) -> DecodedProfile {
        DecodedProfile(format: nil, profile: nil, diagnostics: findings.prefix(Limits.findings - 1) + [last])
    }
}

extension Diagnostic {
    /// Whether it stands before another in the file.
    fileprivate func isBefore(_ other: Diagnostic) -> Bool {
        guard let start = location.range?.start, let otherStart = other.location.range?.start else {
            return location.range == nil && other.location.range != nil
        }
        return start < otherStart
    }
}
