/// A metric with all its series, in Prometheus' terms.
struct MetricFamily {
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// One value.
    struct Sample {
        /// What stands behind the family's name: `_bucket`, say.
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    var name: String
    var kind: Kind
    var help: String
    var samples: [Sample]

    /// A metric of one series without labels.
    static func single(_ kind: Kind, _ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name: name, kind: kind, help: help, samples: [Sample(value: value)])
    }

    /// The family in the text format, version 0.0.4.
    var text: String {
        let head = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        return samples.reduce(into: head) { text, sample in
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
            text += name + sample.suffix + (labels.isEmpty ? "" : "{\(labels)}") + " \(Self.written(sample.value))\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func written(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}
