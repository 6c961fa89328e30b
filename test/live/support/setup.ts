// Images are imported, volumes made, pods scheduled: minutes, on a small machine.
jest.setTimeout(600_000);
