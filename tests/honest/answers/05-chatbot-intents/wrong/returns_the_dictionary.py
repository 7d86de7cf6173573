# case: returns_the_dictionary
# style: gives back history.history, because that is what one plots
# fails: fit_returns_history
# may: fit_runs_every_epoch, loss_goes_down
# says: return the History object that fit returns, not the dictionary in it (history.history)

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.models.Sequential([
        keras.layers.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 20),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])
    return model


# %% compile_model
def compile_model(model):
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"],
                  optimizer=keras.optimizers.Adam(learning_rate=0.01))
    return model


# %% train_model
def train_model(model, x, y, epochs):
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history.history


# %% reply
def reply(model, sentence):
    return REPLIES[np.argmax(model.predict(vectorize([sentence]), verbose=0)[0])]

