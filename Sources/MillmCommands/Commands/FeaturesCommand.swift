import ArgumentParser
import Profiles
import Steering

/// `millm features`
struct FeaturesCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Shows the labelled features of an SAE.",
        discussion: """
            With a query, those whose label or strongest tokens contain it, or the one whose index it is. Without \
            --sae it is the SAE that MILLM_SAE names, and without that the one that is shipped: \
            saes/smollm2-135m-instruct-l15 from here, or else where it was installed with millm.

            EXAMPLES:
              millm features
              millm features pirate
              millm features 316
              millm features --sae saes/my-sae --format json

            EXIT CODES:
              1  there are none, or nothing is known about this one
              2  the SAE cannot be read
            """
    )

    @Argument(help: "Words to look for, without regard to case, or an index.", completion: .featureLabels)
    var query: String?

    @Option(help: ArgumentHelp("The SAE's directory.", valueName: "directory"), completion: .directory)
    var sae: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run(in session: Session) async throws -> ExitCode {
        let place = try SAEPlace(option: sae, environment: session.environment)
        let autoencoder = try place.open()
        let found = found(in: autoencoder.features)
        if session.format == .json {
            try session.print(json: .array(found.map { $0.feature.json(index: $0.index) }))
        } else if found.isEmpty {
            session.warn(nothingFound(in: place.directory, of: autoencoder.description.dSAE))
        } else {
            let width = session.terminal.map { $0.columns ?? 80 }
            try session.console.write(Self.table(of: found).rendered(width: width, style: session.style), to: .output)
        }
        return found.isEmpty ? .findings : .success
    }

    private var index: Int? { query.flatMap { $0.allSatisfy(\.isASCII) ? Int($0) : nil } }

    private func found(in features: SAEFeatures) -> [(index: Int, feature: SAEFeatures.Feature)] {
        guard let query else { return features.labelled }
        let known = index.flatMap { index in features.byIndex[index].map { (index: index, feature: $0) } }
        return known.map { [$0] } ?? features.search(query)
    }

    private func nothingFound(in sae: String, of count: Int) -> String {
        guard let query else { return "No feature of '\(sae)' has a label." }
        guard let index else { return "No feature of '\(sae)' is about '\(query.escapedForDisplay)'." }
        return (0..<count).contains(index)
            ? "Nothing is known about feature \(index) of '\(sae)'; it can be used all the same."
            : "There is no feature \(index) in '\(sae)', which has the features 0 to \(count - 1)."
    }

    private static func table(of found: [(index: Int, feature: SAEFeatures.Feature)]) -> Table {
        let columns: [Table.Column] = [
            .init("FEATURE", .trailing),
            .init("STRENGTH", .trailing, dispensability: 1),
            .init("LABEL", minimumWidth: 12),
            .init("TOKENS", minimumWidth: 12, dispensability: 2),
        ]
        let rows = found.map { index, feature in
            let range = (feature.usefulStrength ?? []).map { String($0) }.joined(separator: " to ")
            let tokens = (feature.topTokens ?? []).map { "'\($0.escapedForDisplay)'" }.joined(separator: " ")
            return [
                Table.Cell(String(index)), Table.Cell(range), Table.Cell((feature.label ?? "").escapedForDisplay),
                Table.Cell(tokens, .faint),
            ]
        }
        return Table(columns: columns, rows: rows)
    }
}

extension SAEFeatures.Feature {
    fileprivate func json(index: Int) -> JSONValue {
        [
            "index": .integer(index),
            "label": JSONValue(label),
            "useful_strength": usefulStrength.map { .array($0.map(JSONValue.number)) } ?? .null,
            "top_tokens": topTokens.map { .array($0.map(JSONValue.string)) } ?? .null,
            "max_activation": maxActivation.map(JSONValue.number) ?? .null,
            "density": density.map(JSONValue.number) ?? .null,
        ]
    }
}
