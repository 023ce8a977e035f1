import Hummingbird
import ProfileDirectory
import Profiles
import Reconciliation

/// `GET /api/steering`: what the core runs now.
struct SteeringRoutes {
    let service: ProfileService

    func add(to router: Router<APIRequestContext>) {
        router.resource("/api/steering", [.get: { _, _ in try .json(Envelope(object)) }])
    }

    private var object: JSONValue {
        let steering = service.currentSteering
        let strengths = steering.strengths.sorted { $0.key < $1.key }
        return [
            "steering": .object(strengths.map { JSONValue.Member(String($0.key), .number($0.value)) }),
            "profile_id": JSONValue(steering.profile?.description),
            "source": JSONValue(steering.source?.rawValue),
            "plan_digest": .string(steering.planDigest.description),
            "model_id": .string(steering.model),
            "sae_id": JSONValue(steering.sae),
            "layer": JSONValue(steering.layer),
        ]
    }
}
