import HTTPTypes
import Profiles
import Steering

/// What an answer was steered with: part of every answer, so that none is unsteered in silence.
struct SteeringReceipt: Encodable, Sendable {
    /// The profile's id; null for steering without a file, and for none.
    @ExplicitNull var profile: String? = nil
    /// The SHA-256 of the profile's file.
    @ExplicitNull var digest: String? = nil
    @ExplicitNull var sae: String? = nil
    @ExplicitNull var layer: Int? = nil
    /// How many features the steering names; 0 for none.
    var features: Int

    init(_ plan: SteeringPlan) {
        profile = plan.origin?.profile.description
        digest = plan.origin?.digest.description
        sae = plan.sae
        layer = plan.layer
        features = plan.strengths.count
    }

    /// The value of `X-Millm-Profile`: the profile's id, percent-encoded where a header cannot carry it, `none`, or
    /// for steering without a file the route that it came by, which is no id.
    var headerValue: String {
        guard let profile else { return features == 0 ? GenerationDesk.unsteered : "/api/steering" }
        return profile.utf8.map { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "%")
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension HTTPField.Name {
    /// The header that names the profile of an answer, before the body starts.
    // A literal name is known to be valid.
    // swift-format-ignore: NeverForceUnwrap
    static let profile = HTTPField.Name("X-Millm-Profile")!
}
