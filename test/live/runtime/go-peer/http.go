package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/spiffetls"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
)

// serveHTTP answers every request by mutual TLS with the SPIFFE ID of whoever asked.
func serveHTTP(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("serve-http", flag.ContinueOnError)
	source, authorize, err := identity(ctx, set, arguments)
	if err != nil {
		return err
	}
	defer source.Close()
	handler := func(w http.ResponseWriter, r *http.Request) {
		id, err := spiffetls.PeerIDFromConnectionState(*r.TLS)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		body, _ := io.ReadAll(r.Body)
		say("request", fields{"peer": id.String(), "protocol": r.Proto, "body": string(body)})
		fmt.Fprint(w, id)
	}
	server := &http.Server{
		Handler:   http.HandlerFunc(handler),
		TLSConfig: tlsconfig.MTLSServerConfig(source, source, authorize),
		ErrorLog:  refusals(),
	}
	return serve(ctx, server)
}

// serve runs a server with TLS on a free port of loopback.
func serve(ctx context.Context, server *http.Server) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { server.Close() })
	say("listening", fields{"address": listener.Addr().String()})
	if err := server.ServeTLS(listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

type refusalWriter struct{}

func (refusalWriter) Write(text []byte) (int, error) {
	say("refused", fields{"message": string(text)})
	return len(text), nil
}

// refusals is the log that net/http writes failed handshakes to.
func refusals() *log.Logger { return log.New(refusalWriter{}, "", 0) }

// callHTTP sends one request by mutual TLS.
func callHTTP(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("call-http", flag.ContinueOnError)
	url := set.String("url", "", "where to send it")
	source, authorize, err := identity(ctx, set, arguments)
	if err != nil {
		return err
	}
	defer source.Close()
	config := tlsconfig.MTLSClientConfig(source, source, authorize)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, *url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var peer spiffeid.ID
	if peer, err = spiffetls.PeerIDFromConnectionState(*response.TLS); err != nil {
		return err
	}
	say("answer", fields{
		"peer": peer.String(), "protocol": response.Proto, "status": response.StatusCode, "body": string(body),
	})
	return nil
}
