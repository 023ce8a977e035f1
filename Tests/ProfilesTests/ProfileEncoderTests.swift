import ProfileProperties
import Profiles
import Testing

@Suite struct ProfileEncoderTests {
    private static let kingJames = Profile(
        name: "King James",
        description: "Archaic, biblical English.",
        model: "SmolLM2-135M-Instruct",
        sae: "smollm2-135m-instruct-l15",
        layer: 15,
        steering: [316: 45, 88: -12.5]
    )

    @Test func `a profile is written plainly, features ascending`() {
        let text = String(decoding: ProfileEncoder.yaml(Self.kingJames, schema: "../s.json"), as: UTF8.self)
        #expect(
            text == """
                # yaml-language-server: $schema=../s.json
                version: 1
                name: King James
                description: Archaic, biblical English.
                model: SmolLM2-135M-Instruct
                sae: smollm2-135m-instruct-l15
                layer: 15
                steering:
                  88: -12.5
                  316: 45.0

                """
        )
    }

    @Test func `an envelope has miLLM's keys in their order`() {
        let bytes = ProfileEncoder.millmEnvelope(
            Profile(name: "x", steering: [5: 1.5]),
            exportedAt: Timestamp(microseconds: 0),
            exportedFrom: "here"
        )
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {
                  "version": "1.0",
                  "type": "millm_profile",
                  "profile": {
                    "name": "x",
                    "description": null,
                    "model": null,
                    "sae": null,
                    "layer": null,
                    "steering": {
                      "5": 1.5
                    }
                  },
                  "exported_at": "1970-01-01T00:00:00.000000Z",
                  "exported_from": "here"
                }

                """
        )
    }

    @Test func `every valid profile reads back as it was, in each format`() throws {
        var generator = ProfileGenerator(seed: 1)
        let time = Timestamp(microseconds: 1_769_774_400_123_456)
        for _ in 0..<1_000 {
            let profile = generator.profile()
            try profile.validate()
            let files = [
                ProfileEncoder.yaml(profile), ProfileEncoder.millmEnvelope(profile, exportedAt: time),
                ProfileEncoder.millmFlat(profile, createdAt: time, updatedAt: time),
            ]
            for (bytes, format) in zip(files, [DecodedProfile.Format.version1, .millmEnvelope, .millmFlat]) {
                let decoded = ProfileDecoder.decode(bytes, file: "p")
                #expect(decoded.profile?.sameScalars(as: profile) == true, "\(String(decoding: bytes, as: UTF8.self))")
                #expect(decoded.format == format)
            }
        }
    }
}

extension Profile {
    /// Equality that also tells apart what Unicode calls equivalent.
    fileprivate func sameScalars(as other: Profile) -> Bool {
        func scalars(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
        return self == other && scalars(name) == scalars(other.name)
            && scalars(description) == scalars(other.description) && scalars(model) == scalars(other.model)
            && scalars(sae) == scalars(other.sae)
    }
}
