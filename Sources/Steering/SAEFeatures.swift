package import FoundationEssentials

/// What is known about an SAE's features: labels for people, and how strong a push has shown to be useful.
///
/// The file `features.json` beside the weights: `{"features": {"316": {"label": …, "useful_strength": [low, high], …}}}`.
/// Keys that are not known here are left alone.
package struct SAEFeatures: Sendable {
    package struct Feature: Hashable, Sendable, Decodable {
        /// What the feature stands for, in a few words.
        package let label: String?
        /// The strengths between which steering with it works well, low and high.
        package let usefulStrength: [Double]?
        /// The tokens that it is most active on, the strongest first.
        package let topTokens: [String]?
        /// Its greatest activation in the training text.
        package let maxActivation: Double?
        /// The share of tokens that it is active on, 0–1.
        package let density: Double?

        private enum CodingKeys: String, CodingKey {
            case label, density
            case usefulStrength = "useful_strength"
            case topTokens = "top_tokens"
            case maxActivation = "max_activation"
        }
    }

    /// Feature index → what is known.
    package let byIndex: [Int: Feature]

    /// Nothing known.
    package init() {
        byIndex = [:]
    }

    /// - Parameter path: For the message.
    /// - Throws: ``SteeringError`` `.invalidFile`.
    package init(json: Data, path: String) throws(SteeringError) {
        struct File: Decodable { let features: [String: Feature] }
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: json)
        } catch {
            throw SteeringError(.invalidFile, "'\(path)' is not the list of features that it should be.")
        }
        var byIndex: [Int: Feature] = [:]
        for (key, feature) in file.features {
            guard let index = Int(key), index >= 0 else {
                throw SteeringError(.invalidFile, "'\(path)' has a feature '\(key)', which is no index.")
            }
            byIndex[index] = feature
        }
        self.byIndex = byIndex
    }

    /// The features that have a label, by rising index.
    package var labelled: [(index: Int, feature: Feature)] {
        byIndex.filter { $0.value.label != nil }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The features whose label or strongest tokens contain the text, without regard to case; the labelled ones
    /// first, each by rising index.
    package func search(_ text: String) -> [(index: Int, feature: Feature)] {
        let wanted = text.lowercased()
        let found = byIndex.filter { _, feature in
            let words = [feature.label].compactMap(\.self) + (feature.topTokens ?? [])
            return words.contains { $0.lowercased().contains(wanted) }
        }
        return found.map { ($0.key, $0.value) }.sorted { left, right in
            let isLabelled = (left.1.label != nil, right.1.label != nil)
            return isLabelled.0 == isLabelled.1 ? left.0 < right.0 : isLabelled.0
        }
    }
}
