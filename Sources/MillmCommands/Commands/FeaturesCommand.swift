import ArgumentParser
import Profiles
import Steering

/// `millm features`
struct FeaturesCommand: MillmCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Shows the labelled features of an SAE.",
        discussion: """
            With a query, those whose label or strongest tokens contain it. Without --sae it is the SAE that \
            MILLM_SAE names, and without that saes/smollm2-135m-instruct-l15, which is shipped.

            EXAMPLES:
              millm features
              millm features pirate
              millm features --sae saes/my-sae --format json

            EXIT CODES:
              1  there are none
              2  the SAE cannot be read
            """
    )

    @Argument(help: "Words to look for, without regard to case.")
    var query: String?

    @Option(help: "The SAE's directory.", completion: .directory)
    var sae: String?

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    /// The one that is shipped.
    private static let defaultSAE = "saes/smollm2-135m-instruct-l15"

    func run(in session: Session) async throws -> ExitCode {
        let variable = session.environment["MILLM_SAE"] ?? ""
        let sae = sae ?? (variable.isEmpty ? Self.defaultSAE : variable)
        let features: SAEFeatures
        do {
            features = try SparseAutoencoder(directory: sae).features
        } catch {
            throw CommandFailure.usage(error.message)
        }
        let found = query.map(features.search) ?? features.labelled
        if session.format == .json {
            try session.print(json: .array(found.map { $0.feature.json(index: $0.index) }))
        } else if found.isEmpty {
            session.warn("No feature of '\(sae)' \(query.map { "is about '\($0)'" } ?? "has a label").")
        } else {
            let width = session.terminal.map { $0.columns ?? 80 }
            try session.console.write(Self.table(of: found).rendered(width: width, style: session.style), to: .output)
        }
        return found.isEmpty ? .findings : .success
    }

    private static func table(of found: [(index: Int, feature: SAEFeatures.Feature)]) -> Table {
        let columns: [Table.Column] = [
            .init("FEATURE", .trailing),
            .init("STRENGTH", .trailing),
            .init("LABEL", minimumWidth: 16),
            .init("TOKENS", minimumWidth: 12, dispensability: 1),
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
