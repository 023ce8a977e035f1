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
        guard let table = parsed.table else {
            return DecodedProfile(refusedFor: ending(findings, parsed.errorsLeftOut))
        }
        guard case .mapping = table.rows[0].kind else {
            let finding = Diagnostic(
                .notAMapping,
                "a profile is a mapping of keys to values",
                at: SourceLocation(file: file, range: table.rows[0].range),
                help: help(aboutRootOf: table)
            )
            return refusal(findings, finding)
        }
        // What begins with 'version: 1' is what it seems to be unless something is wrong.
        let seemsClear = table.rows.count > 2 && table.isScalar(at: 2) && table.hasText("1", at: 2)
        var format = seemsClear ? .version1 : DecodedProfile.Format.of(table, guessing: !ignoresUnknownKeys)
        var reader = ProfileReader(table, file: file, format: format)
        reader.read(mappingAt: 0, as: .of(format))
        if seemsClear, !reader.isSound || !reader.unknownKeys.isEmpty {
            format = .of(table, guessing: !ignoresUnknownKeys)
            if format != .version1 {
                reader = ProfileReader(table, file: file, format: format)
                reader.read(mappingAt: 0, as: .of(format))
            }
        }
        let acceptsUnknownKeys = ignoresUnknownKeys && format != .version1
        let isValid = findings.isEmpty && reader.isSound && (acceptsUnknownKeys || reader.unknownKeys.isEmpty)
        if !isValid, let finding = ForeignDocument.finding(about: table, file: file) {
            return refusal(findings, finding)
        }
        let diagnostics =
            isValid && reader.unknownKeys.isEmpty
            ? []
            : merge(
                findings + reader.diagnostics,
                reader.unknownKeys,
                leftOut: parsed.errorsLeftOut + reader.leftOut,
                acceptsUnknownKeys: acceptsUnknownKeys
            )
        return reader.decoded(isValid: isValid, diagnostics)
    }

    /// What to do about a text that is no mapping, if more can be said than always.
    private static func help(aboutRootOf table: NodeTable) -> String? {
        if case .sequence = table.rows[0].kind { return "write 'key: value' lines, without '-' and brackets" }
        guard let text = table.scalar(at: 0)?.text, text.utf8.count <= Limits.bytes else { return nil }
        if text.hasPrefix("version https://git-lfs") {
            return "this is a pointer of Git LFS; fetch the file itself with 'git lfs pull'"
        }
        if text.hasPrefix("<") {
            return "this is HTML or XML, perhaps the page of a download that failed; give the file of a profile"
        }
        if ForeignDocument.isFailure(text) { return ForeignDocument.failureHelp }
        if text.unicodeScalars.contains(":") { return "put a space behind each colon: 'version: 1'" }
        return Spelling.wrongSeparator(in: text).map { "write ':' and a space in place of '\($0)'" }
    }

    /// Of too many findings the first are kept, and errors before warnings; the last one tells how many there are.
    /// Validity does not go by what is kept.
    private static func merge(
        _ findings: [Diagnostic],
        _ unknownKeys: [Diagnostic],
        leftOut: Int,
        acceptsUnknownKeys: Bool
    ) -> [Diagnostic] {
        var warnings = acceptsUnknownKeys ? unknownKeys : []
        for index in warnings.indices { warnings[index].severity = .warning }
        let errors = (findings + (acceptsUnknownKeys ? [] : unknownKeys)).sorted { $0.isBefore($1) }
        let count = errors.count + warnings.count + leftOut
        let room = count > Limits.findings ? Limits.findings - 1 : count
        let kept = errors.prefix(room) + warnings.prefix(max(0, room - errors.count))
        return ending(kept.sorted { $0.isBefore($1) }, count - kept.count)
    }

    /// Findings with how many more there are as the last one, for which there is always room.
    private static func ending(_ findings: [Diagnostic], _ leftOut: Int) -> [Diagnostic] {
        guard leftOut > 0, var place = findings.last?.location else { return findings }
        place.range = place.range.map { SourceRange($0.end, $0.end) }
        // What has ended the reading is the last one, and stays.
        let isFull = findings.count == Limits.findings
        let kept = isFull ? findings.dropLast(2) + findings.suffix(1) : findings
        let count = leftOut + (isFull ? 1 : 0)
        let message = count == 1 ? "one more finding is not shown" : "\(count) more findings are not shown"
        return kept + [Diagnostic(.findingsLeftOut, message, at: place, severity: .note)]
    }

    /// What is known of a text that is no profile at all.
    private static func refusal(_ findings: [Diagnostic], _ last: Diagnostic) -> DecodedProfile {
        DecodedProfile(refusedFor: findings.prefix(Limits.findings - 1) + [last])
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
