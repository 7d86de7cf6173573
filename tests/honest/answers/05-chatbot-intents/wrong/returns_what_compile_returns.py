# case: returns_what_compile_returns
# style: return model.compile(...), which is None
# fails: compile_sets_optimizer
# may: compile_loss_fits_labels, compile_reports_accuracy, fit_returns_history, fit_runs_every_epoch, loss_goes_down, every_weight_changes, paraphrases_are_understood, reply_asks_the_model, reply_takes_any_spelling
# borderline: the model itself is compiled well; only the returned value is missing
# says: compile_model returned None; compile changes the model and returns nothing, so return the model on a line of its own

# %% build_model
def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    return model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01),
                         loss="sparse_categorical_crossentropy",
                         metrics=["accuracy"])


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    return REPLIES[int(np.argmax(model.predict(vectorize([sentence]), verbose=0)[0]))]

