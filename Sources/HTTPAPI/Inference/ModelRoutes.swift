import Foundation
import Hummingbird
import Profiles
import Steering

/// `GET /v1/models` and `GET /v1/models/{id}`: the one model that is loaded.
struct ModelRoutes {
    /// The name by which a request means the loaded model, whichever it is.
    static let defaultName = "default"

    let model: ModelDescription
    /// When the model began to be served.
    let created: Timestamp

    private struct Model: Encodable {
        var id: String
        var object = "model"
        var created: Int64
        var ownedBy = "millm"

        enum CodingKeys: String, CodingKey {
            case id, object, created
            case ownedBy = "owned_by"
        }
    }

    private struct ModelList: Encodable {
        var object = "list"
        var data: [Model]
    }

    func add(to router: Router<APIRequestContext>) {
        let entry = Model(id: model.name, created: created.microseconds / 1_000_000)
        router.resource("/v1/models", [.get: { _, _ in try .json(ModelList(data: [entry])) }])
        // A name may hold slashes (`owner/model`), which clients send as they are.
        router.resource(
            "/v1/models/**",
            [
                .get: { _, context in
                    let path = context.parameters.getCatchAll().joined(separator: "/")
                    let name = path.removingPercentEncoding ?? path
                    guard name == entry.id || name == Self.defaultName else {
                        throw APIError(
                            .modelNotFound,
                            "The model '\(name.shortened)' is not loaded.",
                            parameter: "model"
                        )
                    }
                    return try .json(entry)
                }
            ]
        )
    }
}
