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
        guard let root = parsed.root else { return DecodedProfile(format: nil, profile: nil, diagnostics: findings) }
        guard case .mapping(let mapping) = root else {
            let finding = Diagnostic(
                .notAMapping,
                "a profile is a mapping of keys to values",
                at: SourceLocation(file: file, range: root.range)
            )
            return DecodedProfile(
                format: nil,
                profile: nil,
                diagnostics: findings.prefix(Limits.findings - 1) + [finding]
            )
        }
        let format = format(of: mapping)
        var reader = ProfileReader(file: file, format: format)
        reader.read(mapping, as: .of(format))
        var unknownKeys = reader.unknownKeys
        let acceptsUnknownKeys = ignoresUnknownKeys && format != .version1
        if acceptsUnknownKeys { for index in unknownKeys.indices { unknownKeys[index].severity = .warning } }
        // Of too many findings the first are kept, and errors before warnings. Validity does not go by what is kept.
        let errors = (findings + reader.diagnostics + (acceptsUnknownKeys ? [] : unknownKeys))
            .sorted { $0.isBefore($1) }.prefix(Limits.findings)
        let warnings = acceptsUnknownKeys ? unknownKeys.prefix(Limits.findings - errors.count) : []
        let diagnostics = (errors + warnings).sorted { $0.isBefore($1) }
        let isValid = findings.isEmpty && reader.isSound && (acceptsUnknownKeys || unknownKeys.isEmpty)
        return DecodedProfile(
            format: format,
            profile: isValid ? reader.profile : nil,
            ranges: reader.ranges,
            diagnostics: diagnostics
        )
    }

    private static func format(of mapping: Node.Mapping) -> DecodedProfile.Format {
        if mapping.entry("profile") != nil || mapping.entry("type") != nil { return .millmEnvelope }
        guard let version = mapping.entry("version") else { return .version0 }
        // miLLM writes the text "1.0"; this program's own versions are whole numbers.
        guard case .scalar(let scalar) = version.value, scalar.text.contains(".") else { return .version1 }
        return .millmFlat
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
