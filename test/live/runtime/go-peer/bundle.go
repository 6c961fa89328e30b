package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"

	"github.com/spiffe/go-spiffe/v2/bundle/spiffebundle"
	"github.com/spiffe/go-spiffe/v2/federation"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/workloadapi"
)

// bundleFile is read anew for each request, so that tests can change it.
type bundleFile string

func (f bundleFile) GetBundleForTrustDomain(trustDomain spiffeid.TrustDomain) (*spiffebundle.Bundle, error) {
	return spiffebundle.Load(trustDomain, string(f))
}

// serveBundle offers the bundle of a file: with a certificate as https_web, without as https_spiffe.
func serveBundle(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("serve-bundle", flag.ContinueOnError)
	name := set.String("trust-domain", "", "whose bundle it is")
	file := set.String("file", "", "the bundle document")
	certificate := set.String("certificate", "", "PEM file, for https_web")
	key := set.String("key", "", "PEM file, for https_web")
	if err := parse(set, arguments); err != nil {
		return err
	}
	trustDomain, err := spiffeid.TrustDomainFromString(*name)
	if err != nil {
		return err
	}
	handler, err := federation.NewHandler(trustDomain, bundleFile(*file))
	if err != nil {
		return err
	}
	asked := func(w http.ResponseWriter, r *http.Request) {
		say("request", fields{"agent": r.UserAgent(), "path": r.URL.Path})
		handler.ServeHTTP(w, r)
	}
	server := &http.Server{Handler: http.HandlerFunc(asked), ErrorLog: refusals()}
	if *certificate != "" {
		pair, err := tls.LoadX509KeyPair(*certificate, *key)
		if err != nil {
			return err
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}}
		return serve(ctx, server)
	}
	source, err := workloadapi.NewX509Source(ctx)
	if err != nil {
		return err
	}
	defer source.Close()
	server.TLSConfig = tlsconfig.TLSServerConfig(source)
	return serve(ctx, server)
}

// fetchBundle fetches a bundle once: with -endpoint-id by https_spiffe, else by https_web.
func fetchBundle(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("fetch-bundle", flag.ContinueOnError)
	name := set.String("trust-domain", "", "whose bundle it is")
	url := set.String("url", "", "where it is")
	roots := set.String("roots", "", "PEM file of web authorities, for https_web")
	endpoint := set.String("endpoint-id", "", "SPIFFE ID of the endpoint, for https_spiffe")
	bootstrap := set.String("bootstrap", "", "bundle document to verify the endpoint by, for https_spiffe")
	if err := parse(set, arguments); err != nil {
		return err
	}
	trustDomain, err := spiffeid.TrustDomainFromString(*name)
	if err != nil {
		return err
	}
	var option federation.FetchOption
	if *endpoint != "" {
		id, err := spiffeid.FromString(*endpoint)
		if err != nil {
			return err
		}
		known, err := spiffebundle.Load(id.TrustDomain(), *bootstrap)
		if err != nil {
			return err
		}
		option = federation.WithSPIFFEAuth(known, id)
	} else {
		text, err := os.ReadFile(*roots)
		if err != nil {
			return err
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return fmt.Errorf("no certificate in %s", *roots)
		}
		option = federation.WithWebPKIRoots(pool)
	}
	bundle, err := federation.FetchBundle(ctx, trustDomain, *url, option)
	if err != nil {
		return err
	}
	document, err := bundle.Marshal()
	if err != nil {
		return err
	}
	more := fields{"document": json.RawMessage(document)}
	if sequence, ok := bundle.SequenceNumber(); ok {
		more["sequence"] = sequence
	}
	if hint, ok := bundle.RefreshHint(); ok {
		more["refreshHint"] = hint.Seconds()
	}
	say("bundle", more)
	return nil
}
