import YAML

extension ProfileReader {
    /// Reads the features with their strengths.
    mutating func readSteering(_ value: Int, of key: Int) {
        guard case .mapping = table.rows[value].kind else {
            reportSteering(value, of: key)
            return
        }
        // A strength takes a row, and so does its index.
        var count = table.rows[value].contents.count / 2
        if count > ProfileRules.features { count = checkCount(ofFeaturesIn: value) }
        count = min(count, ProfileRules.features)
        var strengths = [Int: Double](minimumCapacity: count)
        var ranges = FeatureRanges()
        ranges.reserveCapacity(count)
        for (key, value) in table.entries(ofMappingAt: value) {
            guard let index = table.index(at: key) else {
                reportIndex(key, before: value)
                continue
            }
            guard let strength = table.strength(at: value) else {
                reportStrength(value, of: key)
                continue
            }
            strengths[index] = strength
            ranges.append(index, at: table.rows[key].range)
        }
        profile?.steering = strengths
        self.ranges.features = ranges
    }

    private mutating func checkCount(ofFeaturesIn steering: Int) -> Int {
        let keys = table.entries(ofMappingAt: steering).map(\.key)
        if keys.count > ProfileRules.features {
            report(
                .tooManyFeatures,
                "\(keys.count) features; \(ProfileRules.features) are allowed",
                at: table.rows[keys[ProfileRules.features]].range
            )
        }
        return keys.count
    }

    private mutating func reportSteering(_ value: Int, of key: Int) {
        var help: String?
        if case .sequence = table.rows[value].kind { help = "write one feature a line, without '-': '316: 45.0'" }
        if let scalar = table.scalar(at: value) {
            if scalar.isNull {
                help =
                    hasLooseFeatures
                    ? "indent the features under 'steering:'"
                    : "write 'steering: {}' for a profile that steers nothing"
                        + (isAboveComment(scalar.range) ? "; '#' begins a comment" : "")
            }
            if let sign = Spelling.wrongSeparator(in: scalar.text) {
                help = "write ':' and a space in place of '\(sign)': '316: 45.0'"
            }
            if scalar.text.unicodeScalars.contains(":") { help = "put a space behind the colon: '316: 45.0'" }
            let loose =
                scalar.isNull
                ? table.firstKeys(ofMappingAt: 0).first { $0.unicodeScalars.first?.isSpaceInText ?? false } : nil
            if let advice = Self.help(aboutSpacesIn: loose ?? scalar.text) { help = advice }
            if scalar.style == .singleQuoted || scalar.style == .doubleQuoted { help = "remove the quotes" }
        }
        report(
            .invalidSteering,
            "'steering' must be a mapping of feature indices to strengths",
            at: range(of: value, orKey: key),
            help: help
        )
    }

    /// Reports a key that is no index. Of its strength nothing more is said, unless that is wrong by itself.
    private mutating func reportIndex(_ key: Int, before value: Int) {
        isSound = false
        guard !isFull, let scalar = table.scalar(at: key) else {
            leftOut += 1
            return
        }
        let slip = IndexSlip(
            in: scalar,
            isAlone: table.scalar(at: value)?.isNull ?? false,
            isAboveFeatures: hasFeatures(value)
        )
        report(
            .invalidIndex,
            slip.isKnownKey
                ? "'\(scalar.text.shortened)' is no feature; it is indented too far"
                : "'\(scalar.text.shortened)' is no feature index",
            at: scalar.range,
            help: slip.help
        )
        if !slip.explainsValue, table.strength(at: value) == nil { reportStrength(value, of: key) }
    }

    /// Whether the value is a mapping with a feature as its first key.
    private func hasFeatures(_ value: Int) -> Bool {
        guard case .mapping = table.rows[value].kind,
            let first = table.entries(ofMappingAt: value).first(where: { _ in true })
        else { return false }
        return isIndex(first.key)
    }

    private mutating func reportStrength(_ value: Int, of key: Int) {
        isSound = false
        guard table.rows[value].kind != .alias else { return }
        guard !isFull else {
            leftOut += 1
            return
        }
        guard let scalar = table.scalar(at: value), let key = table.scalar(at: key) else {
            report(
                .invalidStrength,
                "a strength must be a number",
                at: table.rows[value].range.firstCharacter,
                help: hasFeatures(value)
                    ? "remove the line above; features stand right below 'steering:'"
                    : "write the number behind the feature: '316: 45.0'"
            )
            return
        }
        let text = scalar.text.shortened
        if scalar.isNull {
            report(.invalidStrength, "feature \(key.text.shortened) has no strength", at: key.range)
        } else if scalar.style == .plain, DecimalNumber.double(scalar.text) != nil {
            report(.invalidStrength, "the strength \(text) is out of range", at: scalar.range)
        } else if scalar.style != .plain, DecimalNumber.double(scalar.text) != nil {
            let message = "the strength '\(text)' is text; it must be a number"
            report(.invalidStrength, message, at: scalar.range, help: "remove the quotes")
        } else {
            var help = NumberSlip(in: scalar.text, isWhole: false)?.help
            if scalar.style != .plain { help = help.map { $0 + ", and remove the quotes" } }
            report(.invalidStrength, "'\(text)' is no number", at: scalar.range, help: help)
        }
    }
}

extension NodeTable {
    /// The index of a feature; nil if the key is none.
    func index(at key: Int) -> Int? {
        DecimalNumber.natural(texts.span.extracting(rows[key].contents))
    }

    /// The strength of a feature; nil if the value is none.
    fileprivate func strength(at value: Int) -> Double? {
        guard case .scalar(.plain) = rows[value].kind,
            let strength = DecimalNumber.double(texts.span.extracting(rows[value].contents)),
            ProfileRules.brokenByStrength(strength) == nil
        else { return nil }
        return strength
    }
}
