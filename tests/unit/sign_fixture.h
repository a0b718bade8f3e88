// SPDX-License-Identifier: Apache-2.0
/* Keys and signatures that the openssl command made, once, over SIGNED_TEXT. The private halves are
 * forgotten. */
#ifndef PST_TEST_SIGN_FIXTURE_H
#define PST_TEST_SIGN_FIXTURE_H

#define SIGNED_TEXT "the bytes of a contract\n"

static const char key_ed25519[] = "-----BEGIN PUBLIC KEY-----\n"
				  "MCowBQYDK2VwAyEAor6eCAYMSW4Jth58oAjSGRwWH5wpVGC/DSov5FRQ0Z8=\n"
				  "-----END PUBLIC KEY-----\n";
static const char key_other[] = "-----BEGIN PUBLIC KEY-----\n"
				"MCowBQYDK2VwAyEAP+dS94JN2S299ACIAofjHz8fTHqeZzGToHGx6VdxDLY=\n"
				"-----END PUBLIC KEY-----\n";
static const char key_p256[] = "-----BEGIN PUBLIC KEY-----\n"
			       "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIaa2w89J6Oe1spfyMAj+kkH9pl4t\n"
			       "x4yM3z4yM0Oeccfx3qVmbWM9r7brGzLxfb8ZP4kqawXdwRLqIGdfu9aLug==\n"
			       "-----END PUBLIC KEY-----\n";
static const char key_p384[] = "-----BEGIN PUBLIC KEY-----\n"
			       "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEAhkHJLKMIiuWvAj3/xSX8DWzEPNbloT+\n"
			       "BEQshOCoaLsBeq7pFBf26REov4gt3/898jGsAQhbAyGXCPj1MHOG7gc4yFLSYhnS\n"
			       "u6mc74Y0nM48k2TKOyKN3LcplLeKrijZ\n"
			       "-----END PUBLIC KEY-----\n";
static const char key_p521[] = "-----BEGIN PUBLIC KEY-----\n"
			       "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAAJPY7rck3FOGZwq2AHaExnVJc8W5\n"
			       "AXb+xCkE5x6h3tHSgte3DanmCtMXNw5rAX1wWEJ3ux03UA2SrXVG+/TsVikAvcr6\n"
			       "qoRQzCXq01UkYBoWfGRnSTOMv88VyyvpSb8mPYaFlQKUyGeStdi9hJm/0e+1wq2/\n"
			       "vAlYDrbnwGXvm4BkuN8=\n"
			       "-----END PUBLIC KEY-----\n";
static const char key_secp256k1[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEFW89B1Z385mqwbVsUYkZPtr6f9Z9h/Z2\n"
	"1bkxbSnHhYrU8DC3rNsQU+Go8d+qy7TvTTfkRfuSsRd0kw9AgH7atw==\n"
	"-----END PUBLIC KEY-----\n";
static const char key_compressed[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACIaa2w89J6Oe1spfyMAj+kkH9pl4t\n"
	"x4yM3z4yM0Oeccc=\n"
	"-----END PUBLIC KEY-----\n";
static const char key_explicit[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA\n"
	"AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////\n"
	"///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd\n"
	"NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5\n"
	"RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA\n"
	"//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABCGmtsPPSejntbKX8jAI/pJB\n"
	"/aZeLceMjN8+MjNDnnHH8d6lZm1jPa+26xsy8X2/GT+JKmsF3cES6iBnX7vWi7o=\n"
	"-----END PUBLIC KEY-----\n";
static const char key_rsa[] = "-----BEGIN PUBLIC KEY-----\n"
			      "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhv+au/71+DCVwIghU0b4\n"
			      "hujK3lVKfNehe2tmXPsdVxUlwqno3AtPOkUYnZFzwiXDq44nafwleOF/I1f5zYnu\n"
			      "t9f/pb+ffWMvGLoRzfb4rz7YNYdnWRo/I4z2h88TBBmOQD4sORPzcW+QTXEx3DSa\n"
			      "Cjbw/2oz8LK2kS9Z4zzJ742Z8pHzZ7jLYbqqPRUSp3mjRVakyb7dE1FpOzPN+8QY\n"
			      "en8G6Zy1ajwUtegxunRvro/7f3mC4AIAuZSF607ZUG5+oHDB9OPfIRjCduUaB3Ub\n"
			      "meF3ssDpw0VQ1phRlqmPy7nGuI2MOBi4X8P20WDmnDoa/KSch+zk9Olf4b5YUiMf\n"
			      "iwIDAQAB\n"
			      "-----END PUBLIC KEY-----\n";
static const char key_ed448[] = "-----BEGIN PUBLIC KEY-----\n"
				"MEMwBQYDK2VxAzoA3hj8qN6i/ld9TqEvgtzyk3bc3xU+5yqVAPL7Li/3eRFRoiW3\n"
				"7lf3Vzk49vLY++A9hgWZSrYlPK6A\n"
				"-----END PUBLIC KEY-----\n";
static const char key_x25519[] = "-----BEGIN PUBLIC KEY-----\n"
				 "MCowBQYDK2VuAyEA7k1HDDoOP/PNURJJlrxPfJ5u6MWChdvyRT745nUnoxQ=\n"
				 "-----END PUBLIC KEY-----\n";

/* base64 */
static const char signature_ed25519[] =
	"VxpgrEtk8+jw36LL3cu1RgTwXbJyzmf6OjwJUUy00toJyUhF1ArKzE2EkITMSJSDOxm/h7/RczRg"
	"thzn1zCNAQ==";
static const char signature_p256_sha256[] =
	"MEQCIAtMRhpY5rshbQCHUOeI75BQvupVA6cGwKyGalHM0wpaAiAjh9ClUEyCUwjnwBxhVTs+3NN2"
	"tZtyQaxMBepmlDjz5A==";
static const char signature_p384_sha384[] =
	"MGYCMQC94wgis9abRaLHS+3J7AiLMpwznunipnDBRiFsbpE6dXm80f9YHWsfR0nAERCWrYgCMQCS"
	"hMxPKAI5wjNLl6tThTuPFBNzk/IE1ZKbf/EP1y++A8ixU9pqxslWVPDsYHzbiCA=";
static const char signature_p384_sha256[] =
	"MGQCMCc3IPG0gJ2rljRzzjiSIls5ERQYyTNouNe2ImJWDZ1iC+Vmxu28SEt2dgOBYAEC6QIwVAcg"
	"GzVsmNQrhImc8RGy613+frG8CN5TPLnbNkkGC2rHHQBOe8cg9Idk2q8XQhVP";
static const char signature_p384_sha512[] =
	"MGUCMQDj4AgvZaTberR6TJEa8JAYNcePDP3Lmc4Z0ViefX71nUV9IGf1ibf4FmoEtEkMKMoCMFfk"
	"29we6HU+Zcz+CYpbZq4REsEghsOQviPoW5eG329yocd1v35BYSB+ruUOyCRYWg==";
/* Contracts, signed with the key_ed25519 */
#define SIGNED_CONTRACT(version, more)                             \
	"{\"format\":1,\"contract\":\"acme\",\"version\":" version \
	",\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":[]" more "}\n"
#define CONTRACT_6 SIGNED_CONTRACT("6", "")
#define CONTRACT_7 SIGNED_CONTRACT("7", "")
#define CONTRACT_7_OTHER SIGNED_CONTRACT("7", ",\"x-note\":1")
static const char signature_contract_6[] =
	"PlwicbF5uUn+JVBFdiag+rM7ZaZgKqYWZDEa2HnRo4IFOIArjtRRACUm7ADY4UKCKMhjGMgAxXCJ"
	"4X9FvC/UAw==";
static const char signature_contract_7[] =
	"iXEFyiNyqKOQ4n70QOO9F2IAnfiC8sWTzoQUMM19wMo8CNNn52oXfbLd/GZLNW/uYFODItfD8wiV"
	"oLmJs7I+Dw==";
static const char signature_contract_7_other[] =
	"glQodenoH9/nioJFzTaQcgRKnC03WGIrXX/g8HHjSr049cDgj70HPOYiAXETLfpgHvrV05tSNMx1"
	"aJSpD72kBQ==";

#endif
