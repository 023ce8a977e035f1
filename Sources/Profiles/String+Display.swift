extension String {
    /// The text with control characters and invisible format characters written as `\u{…}`, so that a
    /// message that quotes it shows what it is and cannot steer a terminal.
    package var escapedForDisplay: String {
        unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
    }
}
