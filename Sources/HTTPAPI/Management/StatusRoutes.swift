import Hummingbird
import Reconciliation

/// `GET /api/status`: what the daemon wants, what it runs, and why the two differ if they do.
struct StatusRoutes {
    let controller: any SteeringController

    func add(to router: Router<APIRequestContext>) {
        router.resource("/api/status", [.get: { _, _ in try .json(Envelope(controller.status)) }])
    }
}
