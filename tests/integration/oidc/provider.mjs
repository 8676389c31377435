// A certified OpenID Connect provider on loopback. Its settings come as JSON on standard input:
// port, keys (private JWKs), seconds that tokens last, roles by client.
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";

const { port, keys, seconds, roles } = JSON.parse(readFileSync(0, "utf-8"));
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: Object.keys(roles).map((name) => ({
    client_id: name,
    client_secret: "secret-of-a-test",
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    id_token_signed_response_alg: keys[0].alg,
  })),
  jwks: { keys },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource) => ({
        scope: "use",
        audience: resource,
        accessTokenFormat: "jwt",
        accessTokenTTL: seconds,
        jwt: { sign: { alg: keys[0].alg } },
      }),
    },
  },
  extraTokenClaims: (_context, token) => ({ realm_access: { roles: roles[token.clientId] } }),
});
provider.listen(port, "127.0.0.1", () => console.log("listening"));
