import { FakeWorkloadApi, TestAuthority } from '@spirekit/runtime/testing';

const authority = new TestAuthority('east.example.com');
const api = await FakeWorkloadApi.start({
  x509: [authority.x509Svid('/ns/shop/sa/web')],
  bundles: [authority.bundle()],
  jwt: authority,
});
process.env.SPIFFE_ENDPOINT_SOCKET = api.address; // then start what you test
await api.close(); // in afterAll(): it keeps the process alive
